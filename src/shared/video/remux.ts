/** Makes a film seekable that was written as it was recorded, without a length and without a table of its frames. */

import { BlobSource, Conversion, Input, Mp4OutputFormat, Output, WebMOutputFormat } from 'mediabunny';
import { FilmError } from './film-error';
import { inputFormats } from './open-film';
import { createFilmTarget } from './target';

/**
 * The same packets in a file of the same kind that has its length and can be sought in; nothing is encoded again.
 * @throws FilmError naming the file where it cannot be read
 */
export async function makeSeekable(file: Blob, name: string): Promise<Blob> {
  const input = new Input({ source: new BlobSource(file), formats: inputFormats });
  try {
    if (!(await input.canRead())) throw new FilmError(`${name}: is no film that Mien can read`);
    const format = file.type.startsWith('video/mp4') ? new Mp4OutputFormat() : new WebMOutputFormat();
    const { target, finish } = await createFilmTarget();
    const output = new Output({ format, target });
    const conversion = await Conversion.init({ input, output, showWarnings: false });
    if (!conversion.isValid) throw new FilmError(`${name}: holds nothing that can be copied`);
    await conversion.execute();
    return await finish(file.type || format.mimeType);
  } finally {
    input.dispose();
  }
}
