import { afterEach, expect, test, vi } from 'vitest';
import { listSample } from './sample';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['offline', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['with a server that does not have it', async () => new Response('', { status: 404 })],
])('the sample %s is a problem with a message, not an unhandled rejection', async (_, answer) => {
  vi.stubGlobal('document', { baseURI: 'https://mien.example/' });
  vi.stubGlobal('fetch', answer);
  const { files, problems } = await listSample();
  expect(files).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual([
    'The sample could not be loaded. Check the connection, then try again.',
  ]);
});
