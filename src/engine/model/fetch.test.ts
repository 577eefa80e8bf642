import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findEntry, loadFiles, loadManifest, loadRegistry } from './fetch';
import { openFileCache } from './cache';
import type { RegistryEntry } from '../types';

const BASE = 'https://example.test/models/';
const BYTES = new Uint8Array([1, 2, 3, 4, 5]);
const FILE = { path: 'tiny/weights.bin', bytes: 5, sha256: createHash('sha256').update(BYTES).digest('hex') };

function answer(response: Response | Error): void {
  vi.stubGlobal('fetch', async () => {
    if (response instanceof Error) throw response;
    return response;
  });
}

afterEach(() => vi.unstubAllGlobals());

describe('a manifest', () => {
  const modelJson = (mien: unknown) =>
    new TextEncoder().encode(JSON.stringify({ userDefinedMetadata: { mien } }));
  const entryOf = (bytes: Uint8Array): RegistryEntry => ({
    id: 'tiny',
    title: 'Tiny',
    family: 'regression',
    classroom: false,
    path: 'tiny/model.json',
    files: [
      {
        path: 'tiny/model.json',
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      FILE,
    ],
  });

  it('is read without the weights', async () => {
    const shipped = JSON.parse(
      readFileSync(new URL('../../../static/models/lite/model.json', import.meta.url), 'utf8'),
    );
    const bytes = modelJson(shipped.userDefinedMetadata.mien);
    const fetched = vi.fn(async (_url: string) => new Response(bytes));
    vi.stubGlobal('fetch', fetched);
    expect(await loadManifest(BASE, entryOf(bytes))).toMatchObject({ id: 'lite' });
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([`${BASE}tiny/model.json`]);
  });

  it('that is none is named', async () => {
    const bytes = modelJson({ formatVersion: 7 });
    answer(new Response(bytes));
    await expect(loadManifest(BASE, entryOf(bytes))).rejects.toMatchObject({
      code: 'bad-manifest',
      message: expect.stringMatching(/^tiny\/model\.json: userDefinedMetadata\.mien\.\w+ /),
    });
  });
});

it('a registry is read from a folder of the page, with or without a slash', async () => {
  vi.stubGlobal('location', new URL('https://example.test/app/page.html'));
  const registry = readFileSync(new URL('../../../static/models/registry.json', import.meta.url), 'utf8');
  const fetched = vi.fn(async (_url: string) => new Response(registry));
  vi.stubGlobal('fetch', fetched);
  expect((await loadRegistry('models'))[0].id).toBe('lite');
  await loadRegistry(new URL('https://example.test/other'));
  expect(fetched.mock.calls.map(([url]) => url)).toEqual([
    'https://example.test/app/models/registry.json',
    'https://example.test/other/registry.json',
  ]);
  await expect(loadRegistry(null as never)).rejects.toMatchObject({ code: 'bad-option' });
});

describe('files', () => {
  it('that are what the registry says arrive with their progress', async () => {
    answer(new Response(BYTES));
    const progress: [number, number][] = [];
    const files = await loadFiles(BASE, [FILE], (...bytes) => progress.push(bytes));
    expect(new Uint8Array(files.get(FILE.path)!)).toEqual(BYTES);
    expect(progress.at(-1)).toEqual([5, 5]);
  });

  it.each([
    ['another byte', new Uint8Array([1, 2, 3, 4, 6])],
    ['a byte more', new Uint8Array([1, 2, 3, 4, 5, 0])],
    ['nothing', new Uint8Array(0)],
  ])('with %s are refused', async (_, bytes) => {
    answer(new Response(bytes));
    await expect(loadFiles(BASE, [FILE], () => {})).rejects.toMatchObject({
      code: 'hash-mismatch',
      message: expect.stringMatching(/tiny\/weights\.bin/),
    });
  });

  it.each([
    ['a 404', new Response('', { status: 404 }), 'model-missing'],
    [
      'an index page in its place',
      new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
      'model-missing',
    ],
    ['a failing server', new Response('', { status: 503 }), 'download-failed'],
    ['no network', new TypeError('Failed to fetch'), 'download-failed'],
  ])('behind %s are named', async (_, response, code) => {
    answer(response);
    await expect(loadFiles(BASE, [FILE], () => {})).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/tiny\/weights\.bin/),
    });
  });

  it.each([
    ['another origin', 'https://page.test/', /Access-Control-Allow-Origin/],
    ['the page’s own', 'https://example.test/app/', /^(?!.*Access-Control)/],
    ['Node, which knows no origins', undefined, /^(?!.*Access-Control)/],
  ])('that are refused on %s are told of as such', async (_, page, message) => {
    vi.stubGlobal('location', page && new URL(page));
    answer(new TypeError('Failed to fetch'));
    await expect(loadFiles(BASE, [FILE], () => {})).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(message),
    });
  });

  it('of a download that breaks off are named', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) });
    answer(new Response(body));
    await expect(loadFiles(BASE, [FILE], () => {})).rejects.toMatchObject({ code: 'download-failed' });
  });

  it('cannot be checked on an insecure page, and that is said', async () => {
    answer(new Response(BYTES));
    vi.stubGlobal('crypto', {});
    await expect(loadFiles(BASE, [FILE], () => {})).rejects.toThrow(/https or localhost/);
  });
});

describe('files that are kept', () => {
  const options = { cache: 'models' };
  const second = { ...FILE, path: 'tiny/more.bin' };

  /** Cache Storage with one cache in it, as a map from address to bytes. */
  function stubCaches(): Map<string, ArrayBuffer> {
    const kept = new Map<string, ArrayBuffer>();
    const cache = {
      match: async (url: string) => (kept.has(url) ? new Response(kept.get(url)) : undefined),
      put: async (url: string, response: Response) => void kept.set(url, await response.arrayBuffer()),
      keys: async () => [...kept.keys()].map((url) => ({ url })),
      delete: async (url: string) => kept.delete(url),
    };
    vi.stubGlobal('caches', { open: async () => cache });
    return kept;
  }

  it('are fetched once, and are another file under another hash', async () => {
    const kept = stubCaches();
    const fetched = vi.fn(async () => new Response(BYTES));
    vi.stubGlobal('fetch', fetched);
    await loadFiles(BASE, [FILE], () => {}, options);
    const progress: [number, number][] = [];
    const files = await loadFiles(BASE, [FILE], (...bytes) => progress.push(bytes), options);
    expect(fetched).toHaveBeenCalledTimes(1);
    expect(new Uint8Array(files.get(FILE.path)!)).toEqual(BYTES);
    expect(progress).toEqual([[5, 5]]);
    await expect(
      loadFiles(BASE, [{ ...FILE, sha256: '0'.repeat(64) }], () => {}, options),
    ).rejects.toMatchObject({ code: 'hash-mismatch' });
    expect([...kept.keys()]).toEqual([`${BASE}${FILE.path}?sha256=${FILE.sha256}`]);
  });

  it('and were damaged on the disk are fetched anew', async () => {
    const kept = stubCaches();
    answer(new Response(BYTES));
    await loadFiles(BASE, [FILE], () => {}, options);
    for (const url of kept.keys()) kept.set(url, new ArrayBuffer(5));
    answer(new Response(BYTES));
    const files = await loadFiles(BASE, [FILE], () => {}, options);
    expect(new Uint8Array(files.get(FILE.path)!)).toEqual(BYTES);
    expect([...kept.values()].map((bytes) => new Uint8Array(bytes))).toEqual([BYTES]);
  });

  it('stay when a download breaks off, which then goes on with the others', async () => {
    stubCaches();
    let broken = true;
    const fetched = vi.fn(async (url: string) => {
      const cut = new ReadableStream({ pull: (controller) => controller.error(new Error('cut')) });
      return new Response(broken && url.endsWith(second.path) ? cut : BYTES);
    });
    vi.stubGlobal('fetch', fetched);
    await expect(loadFiles(BASE, [FILE, second], () => {}, options)).rejects.toMatchObject({
      code: 'download-failed',
    });
    broken = false;
    fetched.mockClear();
    await loadFiles(BASE, [FILE, second], () => {}, options);
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([BASE + second.path]);
  });

  it('serve for this visit where storage is full', async () => {
    const full = { match: async () => undefined, put: () => Promise.reject(new Error('QuotaExceededError')) };
    vi.stubGlobal('caches', { open: async () => full });
    answer(new Response(BYTES));
    const files = await loadFiles(BASE, [FILE], () => {}, options);
    expect(new Uint8Array(files.get(FILE.path)!)).toEqual(BYTES);
  });

  it('go when they are of no use any more, but not those of another app at the same address', async () => {
    const kept = stubCaches();
    const other = `https://example.test/other/models/${FILE.path}?sha256=${FILE.sha256}`;
    kept.set(other, new ArrayBuffer(1));
    answer(new Response(BYTES));
    await loadFiles(BASE, [FILE], () => {}, options);
    await (await openFileCache('models', BASE))?.keepOnly([second]);
    expect([...kept.keys()]).toEqual([other]);
  });

  it('are not waited for once a person pauses', async () => {
    const pause = new AbortController();
    vi.stubGlobal('fetch', async (_url: string, { signal }: RequestInit) => {
      pause.abort();
      throw signal?.reason;
    });
    await expect(
      loadFiles(BASE, [FILE], () => {}, { ...options, signal: pause.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('the registry that is no JSON is named', async () => {
  answer(new Response('models!'));
  await expect(loadRegistry(BASE)).rejects.toMatchObject({
    code: 'bad-registry',
    message: expect.stringMatching(/registry\.json/),
  });
});

it('a model that is not in the registry is named, with those that are', () => {
  const registry = [{ id: 'one' }, { id: 'two' }] as RegistryEntry[];
  expect(findEntry(registry, undefined).id).toBe('one');
  expect(() => findEntry(registry, 'three')).toThrow('model three: not in the registry, which has one, two');
});
