import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// Unit tests: they stand beside their source and need neither a browser nor a build.
export default defineConfig({
  plugins: [svelte()],
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/{fixtures,bench}/**/*.test.ts'],
    environment: 'node',
  },
});
