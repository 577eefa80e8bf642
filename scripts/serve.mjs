// A small static server for dist: `serve()` for tests and tools, `npm start` through scripts/start.mjs.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { createGzip } from 'node:zlib';
import { isolationHeaders } from './headers.mjs';

const defaultHeaders = { ...isolationHeaders, 'Cache-Control': 'no-cache' };

/** @type {Record<string, string>} */
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.bin': 'application/octet-stream',
};

/** What gzip makes smaller, as any host would send it. */
const compressible = /^(text|application\/(json|manifest|wasm)|image\/svg)/;

/** @typedef {{
 *   folder: string,
 *   port?: number,
 *   headersOf?: (path: string) => Record<string, string>,
 *   onRequest?: (path: string) => void,
 * }} Site */

/**
 * The file a request means, or null when there is none inside `folder`.
 * @param {string} folder @param {string} url path and query of the request
 */
async function findFile(folder, url) {
  const path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname));
  const file = join(folder, path.endsWith(sep) ? join(path, 'index.html') : path);
  if (file !== folder && !file.startsWith(folder + sep)) return null;
  const found = await stat(file).catch(() => null);
  return found?.isFile() ? { file, bytes: found.size } : null;
}

/** @param {Required<Omit<Site, 'port'>>} site */
function createHandler({ folder, headersOf, onRequest }) {
  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  return async (request, response) => {
    const url = request.url ?? '/';
    onRequest(url);
    const headers = headersOf(url);
    const found = await findFile(folder, url).catch(() => null);
    if (!found) {
      response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' }).end('Not found\n');
      return;
    }
    const type = types[extname(found.file)] ?? 'application/octet-stream';
    const zipped = compressible.test(type) && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const size = zipped
      ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' }
      : { 'Content-Length': found.bytes };
    response.writeHead(200, { ...headers, 'Content-Type': type, ...size });
    if (request.method === 'HEAD') response.end();
    else if (zipped) createReadStream(found.file).pipe(createGzip()).pipe(response);
    else createReadStream(found.file).pipe(response);
  };
}

/**
 * Serves a folder on 127.0.0.1. A taken port is no error: the next one is tried, ten times.
 * @param {Site} site port 0 (default) = any free port; `headersOf` says what to send with a path, by default what makes
 *   a page cross-origin isolated; `onRequest` is told the path and query of each request
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with a slash
 */
export async function serve({ folder, port = 0, headersOf = () => defaultHeaders, onRequest = () => {} }) {
  // Idle connections stay: a test that keeps this process busy for seconds would find its own cut when it asks again.
  const server = createServer({ keepAliveTimeout: 0 }, createHandler({ folder, headersOf, onRequest }));
  for (let attempt = port; ; attempt++) {
    try {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(attempt, '127.0.0.1', () => {
          server.off('error', reject);
          resolve(undefined);
        });
      });
      break;
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || attempt >= port + 10) throw error;
    }
  }
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
