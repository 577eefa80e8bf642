/** `marks.json` of an earlier export: points of a person's own and their marks, brought back onto the pictures that are here. */

import { decodeText } from '../../shared/formats/decode-text';
import { parseMarks, type MarksFile } from '../../shared/formats/marks';
import { pathOf } from '../../shared/imaging/file-listing';
import type { IncomingFile } from '../../shared/imaging/types';
import { createLookup, matchPath } from './import/match';
import { formatPictureCount } from './labels';
import type { MarksEditor } from './marks/editor.svelte';
import { marksOf, schemesOf } from './marks/marks-export';
import type { PhotoStore } from './store.svelte';
import type { Photo } from './types';

/** Where a file says what it is, bytes. */
const HEAD_BYTES = 200;
/** Names in a message before it says how many more there are. */
const MAX_NAMES = 5;

export async function isMarks({ file }: IncomingFile): Promise<boolean> {
  if (!/\.json$/i.test(file.name)) return false;
  return /"format"\s*:\s*"mien-marks"/.test(await file.slice(0, HEAD_BYTES).text());
}

/**
 * @param beside files of pictures that came along
 * @returns what was taken over, and what was not, in sentences that name the file
 * @throws Error naming the file and the place in it that cannot be read
 */
export async function importMarks(
  incoming: IncomingFile,
  store: PhotoStore,
  marking: MarksEditor,
  beside: readonly IncomingFile[] = [],
): Promise<readonly string[]> {
  const path = pathOf(incoming);
  const content = parseMarks(decodeText(new Uint8Array(await incoming.file.arrayBuffer())), path);
  for (const scheme of schemesOf(content, store.schemes, Date.now()))
    if (scheme !== store.schemes[scheme.id]) store.putScheme(scheme);
  const find = pictureFinder(incoming, store, beside);
  const missing: string[] = [];
  for (const picture of content.pictures) {
    const photo = find(picture);
    if (!photo) missing.push(picture.path);
    else
      for (const [scheme, faces] of Object.entries(marksOf(picture, content)))
        marking.mark(photo.id, scheme, () => faces);
  }
  const taken = content.pictures.length - missing.length;
  return [`${path}: marks of ${formatPictureCount(taken)} taken over.${formatMissing(missing)}`];
}

/** Finds the picture that came along at that path, else one that is here; paths are those beside the file. */
function pictureFinder({ folder }: IncomingFile, store: PhotoStore, beside: readonly IncomingFile[]) {
  const lookup = createLookup(store.photos);
  const cameAlong = new Map(beside.map((one) => [pathOf(one), one]));
  return ({ path, width, height }: MarksFile['pictures'][number]): Photo | null => {
    const whole = folder ? `${folder}/${path}` : path;
    const isFit = (photo: Photo) => photo.width === width && photo.height === height;
    const one = cameAlong.get(whole);
    const same = one && store.findSame(one.folder, one.file.name, one.file.size);
    if (same && isFit(same)) return same;
    const match = matchPath(whole, false, lookup(whole).filter(isFit));
    return match.kind === 'sure' ? match.picture : null;
  };
}

function formatMissing(paths: readonly string[]): string {
  const more = paths.length - MAX_NAMES;
  const names = paths.slice(0, MAX_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return names && ` Not here, or of another size: ${names}.`;
}
