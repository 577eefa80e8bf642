import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { wasmThread } from './scripts/wasm-thread';

// Unit tests: they are beside their source and need neither a browser nor a build.
export default defineConfig({
  plugins: [svelte(), wasmThread()],
  test: {
    include: [
      'src/**/*.test.ts',
      'lib/**/*.test.ts',
      'scripts/**/*.test.ts',
      'tests/{fixtures,bench}/**/*.test.ts',
    ],
    environment: 'node',
  },
});
