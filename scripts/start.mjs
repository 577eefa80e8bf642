// `npm start`: build when a source is newer than dist, serve dist, print the address and open it.
// PORT=… picks the port (default 4173; the next free one when taken), --no-open leaves the browser alone.
import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { headersOf } from './headers.mjs';
import { serve } from './serve.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Newest modification time under a path, in ms; 0 when there is nothing. @param {string} path @returns {Promise<number>} */
async function newest(path) {
  const found = await stat(path).catch(() => null);
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const times = await Promise.all((await readdir(path)).map((name) => newest(join(path, name))));
  return Math.max(0, ...times);
}

async function buildIsStale() {
  const settings = ['vite.config.ts', 'svelte.config.js', 'scripts/headers.mjs', 'scripts/wasm-thread.ts'];
  const sources = ['src', 'static', 'package-lock.json', ...settings];
  const times = await Promise.all(sources.map((name) => newest(join(root, name))));
  return (await newest(join(root, 'dist', 'index.html'))) < Math.max(...times);
}

/** @param {string} url */
function openBrowser(url) {
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (process.env.CI || process.argv.includes('--no-open')) return;
  if (process.platform === 'linux' && !display) return;
  /** @type {Record<string, [string, string[]]>} */
  const commands = { darwin: ['open', [url]], win32: ['cmd', ['/c', 'start', '', url]] };
  const [command, args] = commands[process.platform] ?? ['xdg-open', [url]];
  // No browser to open is no error: the address stands on the screen.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

if (await buildIsStale()) await build({ configFile: join(root, 'vite.config.ts') });
const port = Number(process.env.PORT || 4173);
if (!Number.isInteger(port) || port < 0 || port > 65535)
  throw new Error(`PORT is not a port: ${process.env.PORT}`);
const { url } = await serve({ folder: join(root, 'dist'), port, headersOf });
console.log(`\n  Mien is at ${url}   (Ctrl+C stops it)\n`);
openBrowser(url);
