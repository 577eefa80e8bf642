/** The base that a taught model stands on: known by its id and a hash of its files. */

import { EngineError } from '../errors';
import { sha256 } from '../model/fetch';
import type { Taught } from './taught-file';

/** SHA-256 of the files' own hashes, in the order of their paths: 64 hexadecimal digits. */
export async function filesHash(
  files: readonly { readonly path: string; readonly sha256: string }[],
): Promise<string> {
  const sorted = [...files].sort((one, other) => (one.path < other.path ? -1 : 1));
  return sha256(new TextEncoder().encode(sorted.map((file) => file.sha256).join(' ')).buffer);
}

/** @throws EngineError `hash-mismatch` where the base is another version than the one learned on. */
export function checkBase({ info: { base } }: Taught, found: string, file: string): void {
  if (found === base.sha256) return;
  throw new EngineError(
    'hash-mismatch',
    `${file}: was learned on another version of ${base.id} (SHA-256 ${base.sha256.slice(0, 12)}…, here ${found.slice(0, 12)}…); ` +
      'learn it again from its marked pictures',
  );
}
