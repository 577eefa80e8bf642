/** A model from outside, looked through and named, ready to be kept. */

import { checkModel } from '../../engine/model/validate';
import { sha256 } from '../../engine/model/fetch';
import { EngineError } from '../../engine/errors';
import { readModelJson } from '../../engine/model/model-files';
import { isTaught, parseTaught } from '../../engine/teach/taught-file';
import type { ModelSource } from '../../engine/types';
import type { OwnModelEntry } from './own-model-storage';

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
  const { id: givenId, ...said } = describe(bytes, source.path);
  const id = await idOf(givenId, bytes, source.path);
  bytes.set(source.path, renamed(readModelJson(bytes, source.path), id));
  const files = await Promise.all(
    [...bytes].map(async ([path, data]) => ({ path, bytes: data.byteLength, sha256: await sha256(data) })),
  );
  return {
    entry: { id, ...said, path: source.path, files, addedMs: nowMs },
    files: new Map([...bytes].map(([path, data]) => [path, new Blob([data])])),
  };
}

/** A model that was saved here has its hash in its id already, and comes back under that very id. */
async function idOf(givenId: string, bytes: ReadonlyMap<string, ArrayBuffer>, path: string): Promise<string> {
  const json = readModelJson(bytes, path);
  const called = async (id: string) => {
    const own = new Map(bytes).set(path, renamed(json, id));
    const hashes = await Promise.all([...own].sort().map(([, data]) => sha256(data)));
    const whole = await sha256(new TextEncoder().encode(hashes.join(' ')).buffer);
    return `${id.slice(0, ID_LETTERS)}-${whole.slice(0, HASH_LETTERS)}`;
  };
  const before = givenId.replace(new RegExp(`-[0-9a-f]{${HASH_LETTERS}}$`), '');
  if (before !== givenId && before && (await called(before)) === givenId) return givenId;
  return called(givenId);
}

type Said = Pick<OwnModelEntry, 'id' | 'title' | 'family' | 'classroom' | 'base'>;

/** What a model says of itself, once all of it was checked. */
function describe(bytes: ReadonlyMap<string, ArrayBuffer>, path: string): Said {
  const json = readModelJson(bytes, path);
  if (!isTaught(json)) {
    const { id, title, family, classroom } = checkModel(bytes, path);
    return { id, title, family, classroom };
  }
  const { id, title, info } = parseTaught(json, path);
  // What was taught gives points without maps, whatever its base is.
  return { id, title, family: 'regression', classroom: false, base: info.base.id };
}

/** The description with another id; it was checked, so the manifest is there. */
function renamed(json: unknown, id: string): ArrayBuffer {
  if (isTaught(json))
    return new TextEncoder().encode(JSON.stringify({ ...(json as object), id }, null, 1)).buffer;
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
