/** Many files as one ZIP, generated as it is read: only one file is in memory. */

import { makeZip } from 'client-zip';

/** A file of a ZIP; what is large comes piece by piece. */
export interface ZipFile {
  /** Path with slashes. */
  readonly name: string;
  readonly data: string | Blob | AsyncIterable<string>;
}

/** Files are stored, not compressed: pictures already are. Above 4 GiB it becomes a ZIP64. */
export function zipStream(files: AsyncIterable<ZipFile>): ReadableStream<Uint8Array> {
  return makeZip(entriesOf(files));
}

async function* entriesOf(files: AsyncIterable<ZipFile>) {
  const lastModified = new Date();
  for await (const { name, data } of files) yield { name, lastModified, input: data };
}
