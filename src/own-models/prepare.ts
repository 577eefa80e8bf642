/** A model from outside, looked through and named, ready to be kept. */

import { checkModel } from '../engine/check';
import { sha256 } from '../engine/download';
import { EngineError } from '../engine/errors';
import { readModelJson } from '../engine/model-files';
import type { ModelSource } from '../engine/types';
import type { OwnModelEntry } from '../storage/models';

export interface PreparedModel {
  readonly entry: OwnModelEntry;
  readonly files: ReadonlyMap<string, Blob>;
}

const ID_LETTERS = 57;
const HASH_LETTERS = 6;

/**
 * Reads and checks a model. It is called by its own id and the beginning of its files' hash: no shipped model has that
 * name, the same files brought twice are one model, and results in pictures belong to the very weights that made them.
 * @throws EngineError `bad-model` or `bad-manifest`, naming the part that is wrong.
 */
export async function prepareModel(source: ModelSource, nowMs: number): Promise<PreparedModel> {
  const bytes = new Map<string, ArrayBuffer>();
  for (const [path, blob] of source.files) bytes.set(path, await blob.arrayBuffer());
  const { id: givenId, title, family, classroom } = checkModel(bytes, source.path);
  const hashes = await Promise.all([...bytes].sort().map(([, data]) => sha256(data)));
  const whole = await sha256(new TextEncoder().encode(hashes.join(' ')).buffer);
  const id = `${givenId.slice(0, ID_LETTERS)}-${whole.slice(0, HASH_LETTERS)}`;
  bytes.set(source.path, renamed(readModelJson(bytes, source.path), id));
  const files = await Promise.all(
    [...bytes].map(async ([path, data]) => ({ path, bytes: data.byteLength, sha256: await sha256(data) })),
  );
  return {
    entry: { id, title, family, classroom, path: source.path, files, addedMs: nowMs },
    files: new Map([...bytes].map(([path, data]) => [path, new Blob([data])])),
  };
}

/** The description with another id; it was checked, so the manifest is there. */
function renamed(json: unknown, id: string): ArrayBuffer {
  const { userDefinedMetadata, ...rest } = json as { userDefinedMetadata: { mien: object } };
  const mien = { ...userDefinedMetadata.mien, id };
  const text = JSON.stringify({ ...rest, userDefinedMetadata: { ...userDefinedMetadata, mien } });
  return new TextEncoder().encode(text).buffer;
}

/** @throws EngineError `model-missing` or `hash-mismatch`, naming the file that storage has lost or changed. */
export async function checkKept(
  entry: OwnModelEntry,
  files: ReadonlyMap<string, Blob>,
): Promise<ModelSource> {
  for (const { path, sha256: wanted } of entry.files) {
    const file = files.get(path);
    if (!file) throw new EngineError('model-missing', `${entry.id}/${path}: is not in storage any more`);
    if ((await sha256(await readKept(file, `${entry.id}/${path}`))) !== wanted)
      throw new EngineError(
        'hash-mismatch',
        `${entry.id}/${path}: was changed in storage; bring the model again`,
      );
  }
  return { path: entry.path, files };
}

async function readKept(file: Blob, path: string): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new EngineError('model-missing', `${path}: cannot be read from storage any more`, { cause });
  }
}
