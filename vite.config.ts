import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { isolationHeaders, metaPolicy } from './scripts/headers.mjs';
import { wasmThread } from './scripts/wasm-thread';

const dist = fileURLToPath(new URL('dist', import.meta.url));

/** Puts the policy into the page too, for hosts without custom headers. Build only: Vite's development server needs more. */
const policyInPage: Plugin = {
  name: 'policy-in-page',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy },
      injectTo: 'head-prepend',
    },
  ],
};

const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('base64');

export default defineConfig({
  root: 'src',
  publicDir: '../static',
  // Relative, so that dist can be in any folder of a static host.
  base: './',
  plugins: [
    svelte({ configFile: '../svelte.config.js' }),
    policyInPage,
    wasmThread(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'app',
      filename: 'service-worker.ts',
      // The page registers the service worker itself, and the manifest is a separate file.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        // The engine caches models itself, one by one.
        globPatterns: [
          'index.html',
          'manifest.webmanifest',
          'assets/*',
          'icon.svg',
          'icons/*',
          'samples/*.png',
          'examples/*',
          'models/registry.json',
        ],
        // HEIC's decoder is kept when it is first used.
        globIgnores: ['**/*.map', 'assets/libheif-*'],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        // Vite puts content hashes into the names of assets.
        dontCacheBustURLsMatching: /^assets\//,
        // If the browser drops a file, exactly the same one is fetched again.
        manifestTransforms: [
          (entries) => ({
            manifest: entries.map((entry) => ({
              ...entry,
              integrity: `sha256-${sha256(join(dist, entry.url))}`,
            })),
          }),
        ],
      },
    }),
  ],
  worker: { format: 'es', plugins: () => [wasmThread()] },
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, sourcemap: true },
  server: { host: '127.0.0.1', headers: isolationHeaders },
});
