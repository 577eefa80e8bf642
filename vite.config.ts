import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// COOP and COEP make the page cross-origin isolated, as scripts/serve.mjs does: finer clocks, SharedArrayBuffer.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  root: 'src',
  publicDir: '../static',
  // Relative, so that dist can lie in any folder of a static host.
  base: './',
  plugins: [svelte({ configFile: '../svelte.config.js' })],
  worker: { format: 'es' },
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, sourcemap: true },
  server: { host: '127.0.0.1', headers: isolation },
  preview: { host: '127.0.0.1', headers: isolation },
});
