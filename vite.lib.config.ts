/** `npm run build:lib`: builds the engine into dist-lib, as a package for bundlers, for plain pages and for Node. */

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { packagePlugins } from './lib/build';

const root = dirname(fileURLToPath(import.meta.url));

export default defineConfig({
  root,
  publicDir: false,
  plugins: packagePlugins(),
  // Libraries keep this question by default; plain pages have no answer to it.
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'dist-lib',
    emptyOutDir: true,
    target: 'es2022',
    license: { fileName: 'LICENSES-OF-PARTS.md' },
    lib: { entry: { mien: 'lib/index.ts', node: 'lib/node.ts' }, formats: ['es'] },
    rolldownOptions: {
      external: ['sharp', /^node:/],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', minify: true },
    },
  },
});
