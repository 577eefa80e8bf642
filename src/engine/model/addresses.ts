/** Where the files of models are. */

import { EngineError } from '../errors';
import type { ModelAddresses } from '../types';

/** @param models address of a folder, absolute, ends with a slash; or each file's own. @throws EngineError `model-missing` */
export function addressOf(models: string | ModelAddresses, path: string): string {
  if (typeof models === 'string') return new URL(path, models).href;
  if (!Object.hasOwn(models, path))
    throw new EngineError('model-missing', `${path}: modelsUrl has no address for it`);
  return models[path];
}

/** Base of the keys that the files have in a cache; addresses by bundlers change with every build. */
export function cacheKeyBase(models: string | ModelAddresses): string {
  return typeof models === 'string' ? models : new URL('/models/', location.origin).href;
}

/** What a `data:` address holds. */
export function bytesOfDataUrl(url: string): Uint8Array<ArrayBuffer> {
  const comma = url.indexOf(',');
  const body = decodeURIComponent(url.slice(comma + 1));
  if (!url.slice(0, comma).endsWith(';base64')) return new TextEncoder().encode(body);
  return Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
}
