import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from './serve.mjs';

let root: string;
let site: Awaited<ReturnType<typeof serve>>;
const asked: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'serve-'));
  mkdirSync(join(root, 'dist'));
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'dist', 'index.html'), '<p>hello</p>');
  writeFileSync(join(root, 'dist', 'a.wasm'), new Uint8Array(5000));
  writeFileSync(join(root, 'dist', 'a.bin'), new Uint8Array(5000));
  const headersOf = (path: string) => ({ 'X-Path': path, 'Cache-Control': 'no-cache' });
  site = await serve({ folder: join(root, 'dist'), headersOf, onRequest: (path) => asked.push(path) });
});
afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true });
});

/** Sends the path as it is and measures bytes on the wire. */
function get(path: string, encodings = '') {
  const headers = encodings ? { 'accept-encoding': encodings } : {};
  const options = { port: new URL(site.url).port, path, headers };
  return new Promise<{ status?: number; headers: IncomingHttpHeaders; bytes: number }>((resolve, reject) => {
    const asking = request(options, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, bytes }));
    });
    asking.on('error', reject).end();
  });
}

test('a file is sent with its type and the given headers, and the request is reported', async () => {
  const { status, headers } = await get('/?x=1');
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'x-path': '/?x=1', 'cache-control': 'no-cache', 'content-length': '12' });
  expect(headers['content-type']).toMatch(/^text\/html; ?charset=utf-8$/);
  expect(asked).toContain('/?x=1');
});

test('compressible files are sent as gzip, and in no other encoding, where accepted', async () => {
  const { headers, bytes } = await get('/a.wasm', 'gzip, deflate, br');
  expect(headers).toMatchObject({ 'content-type': 'application/wasm', 'content-encoding': 'gzip' });
  expect(bytes).toBeLessThan(100);
  expect((await get('/a.wasm')).bytes).toBe(5000);
  expect((await get('/a.bin', 'gzip')).bytes).toBe(5000);
});

test.each(['/none', '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%'])(
  'files outside the folder are not found: %s',
  async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(404);
    expect(headers['x-path']).toBe(path);
  },
);

test('a new file is served without a restart', async () => {
  writeFileSync(join(root, 'dist', 'late.json'), '{}');
  expect((await get('/late.json')).status).toBe(200);
});
