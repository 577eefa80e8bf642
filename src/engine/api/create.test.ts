import { afterEach, expect, it, vi } from 'vitest';
import { currentHost } from '../host';
import { createEngineWith } from './create';

const FILES = { worker: '', wasm: { plain: '', simd: '', threaded: '', thread: '' } };

/** As in the service worker of an extension, which may not load code. */
vi.mock('../pipeline/pipeline', () => {
  throw new TypeError('import() is disallowed');
});

afterEach(() => vi.unstubAllGlobals());

it('on a server, which renders pages and has none, it says where an engine can be had', async () => {
  await expect(createEngineWith(FILES, {})).rejects.toMatchObject({
    code: 'no-backend',
    message: expect.stringMatching(/neither page nor worker.*mien\/node/),
  });
});

it('relative addresses count from the page, and in a worker of the caller’s own from its script', () => {
  expect(currentHost().baseUrl()).toBeUndefined();
  vi.stubGlobal('location', new URL('https://mien.test/worker.js'));
  expect(currentHost().baseUrl()).toBe('https://mien.test/worker.js');
  vi.stubGlobal('document', { baseURI: 'https://mien.test/base/' });
  expect(currentHost().baseUrl()).toBe('https://mien.test/base/');
});

it('code that does not load is an error of the engine, which has a code', async () => {
  vi.stubGlobal('location', new URL('https://mien.test/'));
  await expect(createEngineWith(FILES, { thread: 'page' })).rejects.toMatchObject({
    code: 'download-failed',
    message: expect.stringMatching(/^engine: its code could not be loaded/),
  });
});
