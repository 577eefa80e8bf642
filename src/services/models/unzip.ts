/** Takes a model out of a ZIP. */

import { unzipSync } from 'fflate';
import { MODEL_LIMITS } from '../../engine/model/validate/limits';
import { EngineError } from '../../engine/errors';
import type { IncomingFile } from '../../shared/imaging/types';

/** What a model is made of. */
const wanted = /\.(json|bin)$/i;

/**
 * The `.json` and `.bin` files of a ZIP.
 * @throws EngineError `bad-model`, naming the ZIP, when it is none or holds too much.
 */
export async function unzip(zip: File): Promise<IncomingFile[]> {
  const bad = (what: string, cause?: unknown) =>
    new EngineError('bad-model', `${zip.name}: ${what}`, { cause });
  const tooMuch = bad(`holds more than ${MODEL_LIMITS.totalBytes / 1e6} MB of .json and .bin files`);
  if (zip.size > MODEL_LIMITS.totalBytes) throw tooMuch;
  let bytes = 0;
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(new Uint8Array(await zip.arrayBuffer()), {
      // Asked before anything of the entry is unpacked. It is never unpacked to more than it claims here.
      filter: ({ name, originalSize }) => {
        if (!wanted.test(name) || bytes > MODEL_LIMITS.totalBytes) return false;
        bytes += originalSize;
        return bytes <= MODEL_LIMITS.totalBytes;
      },
    });
  } catch (cause) {
    throw bad('cannot be unpacked; it is damaged, or no ZIP', cause);
  }
  if (bytes > MODEL_LIMITS.totalBytes) throw tooMuch;
  return Object.entries(entries).map(([path, data]) => {
    const parts = path.split('/');
    const name = parts.pop() as string;
    return { file: new File([Uint8Array.from(data)], name), folder: parts.join('/') };
  });
}
