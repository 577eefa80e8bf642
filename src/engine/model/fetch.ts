/** Fetching a model's files: with progress in bytes, and each checked against the registry. */

import { EngineError } from '../errors';
import { currentHost } from '../host';
import { resolveModels } from '../models-url';
import { addressOf, bytesOfDataUrl, cacheKeyBase } from './addresses';
import { openFileCache, type FileCache, type FileRecord } from './cache';
import { parseManifest, parseRegistry } from './manifest';
import type { EngineOptions, Manifest, ModelAddresses, RegistryEntry } from '../types';

export type { FileRecord } from './cache';

export interface LoadOptions {
  /** Name of the Cache Storage cache that keeps the files; none: they are not cached. */
  readonly cache?: string;
  readonly signal?: AbortSignal;
}

/** How often an interrupted download is restarted before it counts as failed. */
const RESTARTS = 2;

export type OnBytes = (loadedBytes: number, totalBytes: number) => void;

/**
 * @param modelsUrl as in `EngineOptions`.
 * @throws EngineError `bad-option`, `model-missing`, `download-failed` or `bad-registry`; or the signal's reason.
 */
export async function loadRegistry(modelsUrl: ModelsUrl, signal?: AbortSignal): Promise<RegistryEntry[]> {
  const url = addressOf(absolute(modelsUrl), 'registry.json');
  const text = new TextDecoder().decode(await fetchBytes(url, () => {}, signal));
  return parseRegistry(parseJson(text, url, 'bad-registry'), url);
}

type ModelsUrl = NonNullable<EngineOptions['modelsUrl']>;

/** For callers of the package; the engine's own addresses are absolute already, and stay as they are. */
const absolute = (modelsUrl: ModelsUrl) => resolveModels(modelsUrl, currentHost().baseUrl());

/** The entry of `id`, or the first. @throws EngineError `model-missing`, listing the ids there are. */
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
 * @param modelsUrl as in `EngineOptions`.
 * @throws EngineError `bad-option`, `model-missing`, `download-failed`, `hash-mismatch`, `bad-model` or `bad-manifest`.
 */
export async function loadManifest(
  modelsUrl: ModelsUrl,
  { path, files }: RegistryEntry,
  options: LoadOptions = {},
): Promise<Manifest> {
  const described = files.filter((file) => file.path === path);
  const [bytes] = (await loadFiles(absolute(modelsUrl), described, () => {}, options)).values();
  return parseManifest(parseJson(new TextDecoder().decode(bytes), path, 'bad-model'), path);
}

/**
 * Fetches the files that are not cached yet and compares each with its SHA-256. A download that is cut resumes with the first
 * file that is incomplete.
 * @returns the bytes by path.
 * @throws EngineError `model-missing`, `download-failed` or `hash-mismatch`, naming the file; or the signal's reason.
 */
export async function loadFiles(
  modelsUrl: string | ModelAddresses,
  files: readonly FileRecord[],
  onBytes: OnBytes,
  { cache, signal }: LoadOptions = {},
): Promise<Map<string, ArrayBuffer>> {
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const loaded = files.map(() => 0);
  const fileCache = cache === undefined ? null : await openFileCache(cache, cacheKeyBase(modelsUrl));
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
    signal?.throwIfAborted();
    return [file.path, kept ?? (await fetchFile(modelsUrl, file, onCount, fileCache, signal))];
  };
  const loading = files.map(load);
  // When one fails, the others still finish and are cached.
  await Promise.allSettled(loading);
  return new Map(await Promise.all(loading));
}

/** Null also where the file is damaged on disk: it is then fetched again. */
async function readKept(file: FileRecord, cache: FileCache | null): Promise<ArrayBuffer | null> {
  const bytes = (await cache?.read(file).catch(() => null)) ?? null;
  return bytes && (await sha256Of(file, bytes)) === file.sha256 ? bytes : null;
}

async function fetchFile(
  modelsUrl: string | ModelAddresses,
  file: FileRecord,
  onCount: (loadedBytes: number) => void,
  cache: FileCache | null,
  signal: AbortSignal | undefined,
): Promise<ArrayBuffer> {
  const bytes = await fetchBytes(addressOf(modelsUrl, file.path), onCount, signal);
  await checkHash(file, bytes);
  // Where storage is full, the file is used for this visit only.
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
        throw new EngineError('download-failed', `${url}: the download was interrupted`, { cause });
    }
  }
}

/** A single-page host answers a missing file with its index page, so HTML counts as missing too. */
async function request(url: string, signal: AbortSignal | undefined): Promise<Response> {
  // Bundlers put small files into their addresses, which a policy may forbid to fetch.
  if (url.startsWith('data:')) return new Response(bytesOfDataUrl(url));
  let response: Response;
  try {
    // The browser's own cache may hold files of another version of the app.
    response = await currentHost().fetch(url, { cache: 'no-cache', signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new EngineError('download-failed', `${url}: could not be fetched, ${whyRefused(url)}`, { cause });
  }
  const html = response.headers.get('content-type')?.includes('text/html');
  if (response.status === 404 || response.status === 410 || (response.ok && html)) {
    throw new EngineError('model-missing', `${url}: there is no such file`);
  }
  if (!response.ok)
    throw new EngineError('download-failed', `${url}: the server answered ${response.status}`);
  return response;
}

/** What can keep an answer away; browsers do not tell which it was. */
function whyRefused(url: string): string {
  const isForeign = globalThis.location !== undefined && new URL(url).origin !== location.origin;
  const orOrigin = isForeign ? ', or its answer lacks Access-Control-Allow-Origin for this page' : '';
  return `the network or the server is unavailable${orOrigin}`;
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
