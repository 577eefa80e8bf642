/** Where models lie, as callers say it: made absolute once, where it comes in. */

import { badOption, isRecord } from './bad-option';
import type { EngineOptions, ModelAddresses } from './types';

/**
 * @param baseUrl address that relative ones start from; undefined where they cannot be told.
 * @returns the absolute address of a folder, with a slash at its end, or that of each file.
 * @throws EngineError `bad-option`
 */
export function resolveModels(
  modelsUrl: NonNullable<EngineOptions['modelsUrl']>,
  baseUrl: string | undefined,
): string | ModelAddresses {
  if (typeof modelsUrl === 'string' || modelsUrl instanceof URL) return resolveFolder(modelsUrl, baseUrl);
  if (!isRecord(modelsUrl)) throw badOption('modelsUrl', 'an address, or addresses by path', modelsUrl);
  const files = Object.entries<unknown>(modelsUrl).map(([path, url]) => {
    const file = isAddress(url) ? parse(url, baseUrl) : null;
    if (!file) throw badOption('modelsUrl', `an address for ${path}`, url);
    return [path, file.href] as const;
  });
  return Object.fromEntries(files);
}

/** `own`, with what the caller gives in its place; what is neither address nor addresses is left to be refused by name. */
export function modelsOver(
  own: ModelAddresses,
  given: EngineOptions['modelsUrl'],
): NonNullable<EngineOptions['modelsUrl']> {
  if (given === undefined) return own;
  return isRecord(given) && !(given instanceof URL) ? { ...own, ...given } : given;
}

const isAddress = (value: unknown): value is string | URL =>
  typeof value === 'string' || value instanceof URL;

function parse(url: string | URL, baseUrl: string | undefined): URL | null {
  try {
    return new URL(url, baseUrl);
  } catch {
    return null;
  }
}

function resolveFolder(given: string | URL, baseUrl: string | undefined): string {
  // An empty one is the base itself, which may have a file's name.
  const url = parse(given === '' ? '.' : given, baseUrl);
  // Only addresses in folders can be counted on from: `data:` and the like cannot.
  if (!url || !parse('registry.json', url.href)) throw badOption('modelsUrl', 'an address', String(given));
  // Addresses of files are counted from it, which would lose them without a word.
  if (url.search || url.hash)
    throw badOption('modelsUrl', 'the address of a folder, without ? and #', String(given));
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url.href;
}
