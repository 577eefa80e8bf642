/** Takes a model out of a ZIP. */

import { MODEL_LIMITS } from '../../engine/model/validate/limits';
import { EngineError } from '../../engine/errors';
import { openZip } from '../../shared/formats/zip/read';
import type { IncomingFile } from '../../shared/imaging/types';

/** What a model is made of. */
const wanted = /\.(json|bin)$/i;

/**
 * The `.json` and `.bin` files of a ZIP, each held to its checksum: weights in which a bit was changed would run, and give wrong points.
 * @throws EngineError `bad-model`, naming the ZIP, when it is none, is damaged or holds too much.
 */
export async function unzip(zip: File): Promise<IncomingFile[]> {
  const bad = (what: string, cause?: unknown) =>
    new EngineError('bad-model', `${zip.name}: ${what}`, { cause });
  const tooMuch = bad(`holds more than ${MODEL_LIMITS.totalBytes / 1e6} MB of .json and .bin files`);
  if (zip.size > MODEL_LIMITS.totalBytes) throw tooMuch;
  const damaged = (cause: unknown) => bad('cannot be unpacked; it is damaged, or no ZIP', cause);
  const all = await openZip(zip, zip.name).catch((cause: unknown) => Promise.reject(damaged(cause)));
  const entries = [...all.values()].filter(({ path }) => wanted.test(path));
  // Asked before anything is unpacked; no entry is unpacked to more than it claims here.
  if (entries.reduce((sum, { size }) => sum + size, 0) > MODEL_LIMITS.totalBytes) throw tooMuch;
  const { signal } = new AbortController();
  const files: IncomingFile[] = [];
  for (const entry of entries) {
    const parts = entry.path.split('/');
    const name = parts.pop() as string;
    try {
      await entry.check(signal);
      files.push({ file: new File([await entry.open()], name), folder: parts.join('/') });
    } catch (cause) {
      throw damaged(cause);
    }
  }
  return files;
}
