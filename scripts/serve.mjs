// A small static server for dist: `serve()` for tests and tools, `npm start` through scripts/start.mjs.
import { createServer } from 'node:http';
import compression from 'compression';
import sirv from 'sirv';
import { isolationHeaders } from './headers.mjs';

const defaultHeaders = { ...isolationHeaders, 'Cache-Control': 'no-cache' };

/**
 * Compresses everything compressible, small files too, as most hosts do. Its types are express's, but it works with
 * node:http.
 * @type {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, next: () => void) => void}
 */
const compress = /** @type {any} */ (compression({ threshold: 0 }));

/** @typedef {{
 *   folder: string,
 *   port?: number,
 *   headersOf?: (path: string) => Record<string, string>,
 *   onRequest?: (path: string) => void,
 * }} Site */

/** @param {Required<Omit<Site, 'port'>>} site */
function createHandler({ folder, headersOf, onRequest }) {
  // `dev` looks at the disk on every request, so that a new build is served.
  const files = sirv(folder, { dev: true, extensions: ['html'] });
  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  return (request, response) => {
    const url = request.url ?? '/';
    onRequest(url);
    response.setHeaders(new Map(Object.entries(headersOf(url))));
    // Only gzip, which every host supports: size budgets are measured with it.
    const encodings = request.headers['accept-encoding'] ?? '';
    request.headers['accept-encoding'] = /\bgzip\b/.test(encodings) ? 'gzip' : 'identity';
    compress(request, response, () =>
      files(request, response, () => {
        response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
      }),
    );
  };
}

/**
 * Serves a folder on 127.0.0.1. If the port is taken, the next ten are tried.
 * @param {Site} site port 0 (default) = any free port; `headersOf` returns the headers for a path, by default
 *   those for cross-origin isolation; `onRequest` is called with the path and query of each request
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` ends with a slash
 */
export async function serve({ folder, port = 0, headersOf = () => defaultHeaders, onRequest = () => {} }) {
  // Keep idle connections: a test that blocks this process for seconds would otherwise find its own closed.
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
