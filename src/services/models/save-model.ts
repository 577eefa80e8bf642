/** Saves a model of one's own as a ZIP, which can be brought back here or elsewhere. */

import type { ModelSource } from '../../engine/types';
import { zipStream } from '../../shared/formats/zip';
import { saveFile } from '../../shared/imaging/save';

/** The files of a model in a folder of its name. @returns the name of the ZIP */
export async function saveModel(title: string, source: ModelSource): Promise<string> {
  const folder = title.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'model';
  const files = Array.from(source.files, ([name, data]) => ({ name: `${folder}/${name}`, data }));
  const zip = await new Response(zipStream(filesOf(files))).blob();
  saveFile(zip, `${folder}.zip`);
  return `${folder}.zip`;
}

async function* filesOf<T>(files: readonly T[]): AsyncGenerator<T> {
  yield* files;
}
