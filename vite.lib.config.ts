/** `npm run build:lib`: the engine as a package that a page without a bundler can use, in dist-lib. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { declarationsOf } from './lib/declarations';
import { wasmThread } from './scripts/wasm-thread';

const root = dirname(fileURLToPath(import.meta.url));
const read = (path: string) => readFileSync(join(root, path));
const readJson = (path: string) => JSON.parse(read(path).toString());
const writeJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The default model alone, with the detector; others go beside it, or to where `modelsUrl` says. */
function modelFiles(): Map<string, string | Buffer> {
  const registry = readJson('static/models/registry.json');
  const [model] = registry.models;
  const detector = ['README.md', 'LICENSE', 'facemesh-detection-short.json', 'facemesh-detection-short.bin'];
  const paths = [
    ...model.files.map(({ path }: { path: string }) => path),
    ...detector.map((name) => `blazeface/${name}`),
  ];
  return new Map<string, string | Buffer>([
    ['models/registry.json', writeJson({ ...registry, models: [model] })],
    ...paths.map((path) => [`models/${path}`, read(`static/models/${path}`)] as const),
  ]);
}

/** What a package has besides its code. */
const packageFiles: Plugin = {
  name: 'package-files',
  generateBundle() {
    const { version } = readJson('package.json');
    const files = new Map<string, string | Buffer>([
      ['package.json', writeJson({ ...readJson('lib/package.json'), version })],
      ['README.md', read('lib/README.md')],
      ['example.html', read('lib/example.html')],
      ['LICENSE', read('LICENSE')],
      ...modelFiles(),
      ...[...declarationsOf(root, 'lib/index')].map(([path, text]) => [`types/${path}`, text] as const),
    ]);
    for (const [fileName, source] of files) this.emitFile({ type: 'asset', fileName, source });
  },
};

export default defineConfig({
  root,
  publicDir: false,
  // Relative to the code that asks, so that the package can lie anywhere.
  base: './',
  plugins: [packageFiles, wasmThread()],
  worker: { format: 'es', plugins: () => [wasmThread()] },
  // No `build.lib`: it would turn the WebAssembly binaries into text.
  build: {
    outDir: 'dist-lib',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    license: { fileName: 'LICENSES-OF-PARTS.md' },
    rolldownOptions: {
      input: 'lib/index.ts',
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'mien.js' },
    },
  },
});
