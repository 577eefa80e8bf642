import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Nothing here is for mien.
export default defineConfig({
  plugins: [svelte()],
  build: { rolldownOptions: { input: ['index.html', 'models.html', 'react.html', 'svelte.html'] } },
});
