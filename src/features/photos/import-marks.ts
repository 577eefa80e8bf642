/** `marks.json` of an earlier export: points of a person's own and their marks, brought back onto the pictures that are here. */

import { decodeText } from '../../shared/formats/decode-text';
import { pathOf } from '../../shared/imaging/file-listing';
import type { IncomingFile } from '../../shared/imaging/types';
import { createLookup, matchPath } from './import/match';
import { formatPictureCount } from './labels';
import type { MarksEditor } from './marks/editor.svelte';
import { marksOf, schemesOf } from './marks/marks-export';
import type { PhotoStore } from './store.svelte';

/** Where a file says what it is, bytes. */
const HEAD_BYTES = 200;
/** Names in a message before it says how many more there are. */
const MAX_NAMES = 5;

export async function isMarks({ file }: IncomingFile): Promise<boolean> {
  if (!/\.json$/i.test(file.name)) return false;
  return /"format"\s*:\s*"mien-marks"/.test(await file.slice(0, HEAD_BYTES).text());
}

/**
 * @returns what was taken over, and what was not, in sentences that name the file
 * @throws Error naming the file and the place in it that cannot be read
 */
export async function importMarks(
  incoming: IncomingFile,
  store: PhotoStore,
  marking: MarksEditor,
): Promise<readonly string[]> {
  const { parseMarks } = await import('../../shared/formats/marks');
  const path = pathOf(incoming);
  const content = parseMarks(decodeText(new Uint8Array(await incoming.file.arrayBuffer())), path);
  for (const scheme of schemesOf(content, store.schemes, Date.now()))
    if (scheme !== store.schemes[scheme.id]) store.putScheme(scheme);
  const lookup = createLookup(store.photos);
  const missing: string[] = [];
  for (const picture of content.pictures) {
    const { width, height } = picture;
    const fits = lookup(picture.path).filter((photo) => photo.width === width && photo.height === height);
    const match = matchPath(picture.path, false, fits);
    if (match.kind !== 'sure') missing.push(picture.path);
    else
      for (const [scheme, faces] of Object.entries(marksOf(picture, content)))
        marking.mark(match.picture.id, scheme, () => faces);
  }
  const taken = content.pictures.length - missing.length;
  return [`${path}: marks of ${formatPictureCount(taken)} taken over.${formatMissing(missing)}`];
}

function formatMissing(paths: readonly string[]): string {
  const more = paths.length - MAX_NAMES;
  const names = paths.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return names && ` Not here, or of another size: ${names}.`;
}
