/** Hands exported files to the person. */

import { download } from '../overlay/snapshot';
import type { ExportFile } from './types';
import { zipStream } from './zip';

/** A file to download. */
export interface Bundle {
  readonly name: string;
  readonly blob: Blob;
}

/**
 * A single file as it is, several as `name.zip`. The ZIP goes piece by piece into a blob, which browsers keep on disk when
 * it grows.
 * @throws Error when there is no file, or with what went wrong with one.
 */
export async function bundleFiles(files: AsyncIterable<ExportFile>, name: string): Promise<Bundle> {
  const iterator = files[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) throw new Error(`${name}: there is nothing to export`);
  const second = await iterator.next();
  if (second.done) {
    const { name: path, data } = first.value;
    return { name: path.split('/').at(-1) as string, blob: new Blob([data]) };
  }
  let failure: unknown;
  async function* all() {
    try {
      yield first.value as ExportFile;
      yield second.value as ExportFile;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const response = new Response(zipStream(all()), { headers: { 'Content-Type': 'application/zip' } });
  try {
    return { name: `${name}.zip`, blob: await response.blob() };
  } catch (error) {
    // A response says no more than that something failed.
    throw failure ?? error;
  }
}

/** Downloads what `bundleFiles` makes. @returns the name of the file. */
export async function saveFiles(files: AsyncIterable<ExportFile>, name: string): Promise<string> {
  const bundle = await bundleFiles(files, name);
  download(bundle.blob, bundle.name);
  return bundle.name;
}
