/** Exported files as one file to save. */

import { saveFile } from '../../imaging/save';
import type { ExportFile } from '../types';
import { zipStream } from './index';

/** A file to save. */
export interface Bundle {
  readonly name: string;
  readonly blob: Blob;
}

/**
 * A single file as it is, several as `name.zip`. The ZIP is streamed into a blob, which browsers move to disk when it
 * grows.
 * @throws Error when there is no file, or the error that making one threw.
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
    // The response's own error does not say what failed.
    throw failure ?? error;
  }
}

/** Saves what `bundleFiles` makes. @returns the name of the file. */
export async function saveFiles(files: AsyncIterable<ExportFile>, name: string): Promise<string> {
  const bundle = await bundleFiles(files, name);
  saveFile(bundle.blob, bundle.name);
  return bundle.name;
}
