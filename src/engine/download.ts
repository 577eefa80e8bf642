/** Fetching a model's files: with progress in bytes, and nothing handed on that is not what the registry describes. */

import { EngineError } from './errors';
import { openFileCache, type FileCache, type FileRecord } from './file-cache';
import { parseManifest, parseRegistry } from './manifest';
import type { Manifest, RegistryEntry } from './types';

export type { FileRecord } from './file-cache';

export interface LoadOptions {
  /** Name of the Cache Storage cache that keeps the files; none: they are not kept. */
  readonly cache?: string;
  readonly signal?: AbortSignal;
}

/** A download that is cut begins again so often before that counts as a failure. */
const RESTARTS = 2;

export type OnBytes = (loadedBytes: number, totalBytes: number) => void;

/** @throws EngineError `model-missing`, `download-failed` or `bad-registry`. */
export async function loadRegistry(modelsUrl: string): Promise<RegistryEntry[]> {
  const url = new URL('registry.json', modelsUrl).href;
  const text = new TextDecoder().decode(await fetchBytes(url, () => {}));
  return parseRegistry(parseJson(text, url, 'bad-registry'), url);
}

/** The entry of `id`, or the first. @throws EngineError `model-missing`, listing what there is. */
export function findEntry(registry: readonly RegistryEntry[], id: string | undefined): RegistryEntry {
  const entry = id === undefined ? registry[0] : registry.find((candidate) => candidate.id === id);
  if (!entry) {
    const known = registry.map((candidate) => candidate.id).join(', ');
    throw new EngineError('model-missing', `model ${id}: not in the registry, which has ${known || 'none'}`);
  }
  return entry;
}

/**
 * The manifest of a registered model, without its weights.
 * @throws EngineError `model-missing`, `download-failed`, `hash-mismatch`, `bad-model` or `bad-manifest`.
 */
export async function loadManifest(
  modelsUrl: string,
  { path, files }: RegistryEntry,
  options: LoadOptions = {},
): Promise<Manifest> {
  const described = files.filter((file) => file.path === path);
  const [bytes] = (await loadFiles(modelsUrl, described, () => {}, options)).values();
  return parseManifest(parseJson(new TextDecoder().decode(bytes), path, 'bad-model'), path);
}

/**
 * Fetches the files that are not kept yet and compares each with its SHA-256. A download that is cut goes on with the
 * first file that did not come whole.
 * @returns the bytes by path.
 * @throws EngineError `model-missing`, `download-failed` or `hash-mismatch`, naming the file; or the signal's reason.
 */
export async function loadFiles(
  modelsUrl: string,
  files: readonly FileRecord[],
  onBytes: OnBytes,
  { cache, signal }: LoadOptions = {},
): Promise<Map<string, ArrayBuffer>> {
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const loaded = files.map(() => 0);
  const fileCache = cache === undefined ? null : await openFileCache(cache, modelsUrl);
  const load = async (file: FileRecord, i: number): Promise<[string, ArrayBuffer]> => {
    const onCount = (count: number) => {
      loaded[i] = Math.min(count, file.bytes);
      onBytes(
        loaded.reduce((sum, part) => sum + part, 0),
        totalBytes,
      );
    };
    const kept = await readKept(file, fileCache);
    if (kept) onCount(file.bytes);
    return [file.path, kept ?? (await fetchFile(modelsUrl, file, onCount, fileCache, signal))];
  };
  const loading = files.map(load);
  // When one fails, the others still come to be kept.
  await Promise.allSettled(loading);
  return new Map(await Promise.all(loading));
}

/** Null also where the disk damaged the file: it is fetched anew. */
async function readKept(file: FileRecord, cache: FileCache | null): Promise<ArrayBuffer | null> {
  const bytes = (await cache?.read(file).catch(() => null)) ?? null;
  return bytes && (await sha256Of(file, bytes)) === file.sha256 ? bytes : null;
}

async function fetchFile(
  modelsUrl: string,
  file: FileRecord,
  onCount: (loadedBytes: number) => void,
  cache: FileCache | null,
  signal: AbortSignal | undefined,
): Promise<ArrayBuffer> {
  const bytes = await fetchBytes(new URL(file.path, modelsUrl).href, onCount, signal);
  await checkHash(file, bytes);
  // Where storage is full the file serves for this visit.
  await cache?.put(file, bytes).catch(() => {});
  return bytes;
}

async function checkHash(file: FileRecord, bytes: ArrayBuffer): Promise<void> {
  const found = await sha256Of(file, bytes);
  if (found !== file.sha256) {
    throw new EngineError(
      'hash-mismatch',
      `${file.path}: SHA-256 is ${found.slice(0, 12)}…, the registry says ${file.sha256.slice(0, 12)}…; ` +
        'the file is damaged or from another version',
    );
  }
}

async function sha256Of(file: FileRecord, bytes: ArrayBuffer): Promise<string> {
  if (typeof crypto === 'undefined' || !crypto.subtle) {
    throw new EngineError(
      'download-failed',
      `${file.path}: cannot be checked, SHA-256 needs https or localhost`,
    );
  }
  return sha256(bytes);
}

/** 64 hexadecimal digits. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function fetchBytes(
  url: string,
  onCount: (loadedBytes: number) => void,
  signal?: AbortSignal,
): Promise<ArrayBuffer> {
  for (let restarts = 0; ; restarts++) {
    const response = await request(url, signal);
    try {
      return await readBody(response, onCount);
    } catch (cause) {
      signal?.throwIfAborted();
      if (restarts === RESTARTS)
        throw new EngineError('download-failed', `${url}: the download broke off`, { cause });
    }
  }
}

/** A single-page host answers a missing file with its index page, so HTML counts as missing too. */
async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    // The browser's own cache may hold what another version of the app fetched.
    response = await fetch(url, { cache: 'no-cache', signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new EngineError(
      'download-failed',
      `${url}: could not be fetched, the network or the server is away`,
      { cause },
    );
  }
  const html = response.headers.get('content-type')?.includes('text/html');
  if (response.status === 404 || response.status === 410 || (response.ok && html)) {
    throw new EngineError('model-missing', `${url}: there is no such file`);
  }
  if (!response.ok)
    throw new EngineError('download-failed', `${url}: the server answered ${response.status}`);
  return response;
}

async function readBody(response: Response, onCount: (loadedBytes: number) => void): Promise<ArrayBuffer> {
  if (!response.body) return response.arrayBuffer();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let count = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    count += part.value.byteLength;
    onCount(count);
  }
  return new Blob(chunks).arrayBuffer();
}

/** @throws EngineError with `code`, naming the file. */
export function parseJson(text: string, file: string, code: 'bad-registry' | 'bad-model'): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError(code, `${file}: is not JSON`, { cause });
  }
}
