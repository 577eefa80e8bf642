// `npm start`: builds if a source is newer than dist, serves dist, prints the URL and opens it.
// PORT=… picks the port (default 4173, or the next free one); --no-open does not open a browser.
import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { headersOf } from './headers.mjs';
import { serve } from './serve.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Newest modification time under a path, ms; 0 when it does not exist. @param {string} path @returns {Promise<number>} */
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
  // Without a browser there is no error: the URL has been printed.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

if (await buildIsStale()) await build({ configFile: join(root, 'vite.config.ts') });
const port = Number(process.env.PORT || 4173);
if (!Number.isInteger(port) || port < 0 || port > 65535)
  throw new Error(`PORT is not a valid port: ${process.env.PORT}`);
const { url } = await serve({ folder: join(root, 'dist'), port, headersOf });
console.log(`\n  Mien is at ${url}   (Ctrl+C stops it)\n`);
openBrowser(url);
