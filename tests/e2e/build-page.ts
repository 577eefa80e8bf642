/** Builds a page of the tests' own that uses parts of the app as they ship, without the app; models and samples lie beside it. */
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { wasmThread } from '../../scripts/wasm-thread';
import { root } from './browser';

/**
 * @param folder of the page, relative to the repository; @param files its HTML files; @param name of its place in .cache.
 * @returns the folder to serve.
 */
export async function buildPage(folder: string, files: readonly string[], name: string): Promise<string> {
  const outDir = join(root, '.cache', name);
  await build({
    configFile: false,
    root: join(root, folder),
    publicDir: join(root, 'static'),
    base: './',
    logLevel: 'error',
    // For state in `.svelte.ts` files; a page without any is none the worse.
    plugins: [svelte({ configFile: join(root, 'svelte.config.js') }), wasmThread()],
    worker: { format: 'es', plugins: () => [wasmThread()] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4096,
      rolldownOptions: { input: files.map((file) => join(root, folder, file)) },
    },
  });
  return outDir;
}
