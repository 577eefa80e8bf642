/** Many files as one ZIP, made while it is read: nothing but the file at hand is in memory. */

import { makeZip } from 'client-zip';
import type { ExportFile } from './types';

/** Files are stored, not compressed: pictures already are. Beyond 4 GiB it is a ZIP64. */
export function zipStream(files: AsyncIterable<ExportFile>): ReadableStream<Uint8Array> {
  return makeZip(entriesOf(files));
}

async function* entriesOf(files: AsyncIterable<ExportFile>) {
  const lastModified = new Date();
  for await (const { name, data } of files) yield { name, lastModified, input: data };
}
