/** Takes the files out of ZIPs that came in, as if they had come unpacked: marked pictures, exports of points, any folder packed. */

import { stemOf } from '../../../shared/formats/names';
import type { ZipEntry } from '../../../shared/formats/zip/read';
import { errorMessage } from '../../../shared/format/error';
import { limits } from '../../../shared/imaging/decode';
import { pathOf, type Listing } from '../../../shared/imaging/file-listing';
import { PictureError } from '../../../shared/imaging/picture-error';
import type { IncomingFile } from '../../../shared/imaging/types';
import { isSystemPath, mayHoldPoints } from './gather';

/** Of one ZIP. */
export const zipLimits = {
  files: 20_000,
  /** By how much its files may outgrow it once unpacked, bytes: pictures are packed to little less than they are. */
  growth: 1024 ** 3,
} as const;

const MIB = 1024 ** 2;
const zipTypes = ['application/zip', 'application/x-zip-compressed'];
const picture = /\.(jpe?g|jfif|png|gif|webp|avif|hei[cf]|tiff?|bmp)$/i;
/** A model of the page Models, described or taught. */
const model = /(^|\/)(model|taught[^/]*)\.json$/i;
/** Of the file of everything that About saves. */
const backup = /(^|\/)\d+\/records\.jsonl$/;

function isZip(incoming: IncomingFile): boolean {
  const { name, type } = incoming.file;
  return (/\.zip$/i.test(name) || zipTypes.includes(type)) && !isSystemPath(pathOf(incoming));
}

/** ZIPs within ZIPs stay packed. Those that hold nothing for Photos are problems, each named. */
export async function unpackZips(listing: Listing): Promise<Listing> {
  if (!listing.files.some(isZip)) return listing;
  const files: IncomingFile[] = [];
  const problems = [...listing.problems];
  for (const incoming of listing.files) {
    if (!isZip(incoming)) files.push(incoming);
    else await unpack(incoming, { files, problems });
  }
  return { files, problems };
}

async function unpack(
  zip: IncomingFile,
  into: { files: IncomingFile[]; problems: PictureError[] },
): Promise<void> {
  const path = pathOf(zip);
  try {
    for (const entry of await entriesOf(zip.file, path)) {
      const { folder, name } = placeOf(entry, zip.folder);
      try {
        if (entry.size > limits.bytes) throw tooLarge(entry.path, `${path}: ${entry.path}`);
        into.files.push({ file: new File([await entry.read()], name), folder });
      } catch (cause) {
        // The rest of the ZIP may be sound.
        into.problems.push(problemOf(cause, entry.path));
      }
    }
  } catch (cause) {
    into.problems.push(problemOf(cause, path));
  }
}

function problemOf(cause: unknown, path: string): PictureError {
  if (cause instanceof PictureError) return cause;
  // Of the file system: it names no file.
  if (cause instanceof DOMException)
    return new PictureError('unreadable', path, `${path} could not be read from disk.`, { cause });
  return new PictureError('damaged', path, `${errorMessage(cause)}.`, { cause });
}

function tooLarge(path: string, what: string): PictureError {
  return new PictureError('too-large', path, `${what} is larger than ${limits.bytes / MIB} MB.`);
}

/** What is wanted of a ZIP; nothing is unpacked yet. @throws Error naming the ZIP */
async function entriesOf(file: File, path: string): Promise<readonly ZipEntry[]> {
  const { openZip } = await import('../../../shared/formats/zip/read');
  const all = [...(await openZip(file, path, zipLimits.files)).values()];
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (bytes > file.size + zipLimits.growth)
    throw new PictureError(
      'too-large',
      path,
      `${path} would unpack to ${Math.round(bytes / MIB)} MB, more than Mien takes from a ZIP of its size.`,
    );
  const stems = new Set(all.filter((one) => picture.test(one.path)).map((one) => stemOf(one.path)));
  const wanted = all.filter((one) => {
    const own = slashed(one);
    return !own.endsWith('/') && !isSystemPath(own) && !isOverlay(own, stems);
  });
  refuseOthers(wanted.map(slashed), path);
  return wanted;
}

/** Some programs on Windows write the other slash. */
const slashed = ({ path }: ZipEntry) => path.replaceAll('\\', '/');

function placeOf(entry: ZipEntry, zipFolder: string): { folder: string; name: string } {
  const parts = [zipFolder, ...slashed(entry).split('/')].filter(Boolean);
  const name = parts.pop() ?? '';
  return { folder: parts.join('/'), name };
}

/**
 * Of an export of everything: a copy with the points drawn over it.
 * @param stems of the pictures beside it
 */
function isOverlay(path: string, stems: ReadonlySet<string>): boolean {
  const stem = /^overlay\/(.*)\.png$/.exec(path)?.[1];
  return stem !== undefined && stems.has(stem);
}

function refuseOthers(names: readonly string[], path: string): void {
  const refuse = (what: string) => {
    throw new PictureError('not-a-picture', path, `${path} ${what}`);
  };
  if (names.some((name) => backup.test(name)))
    refuse('is a file of everything kept in Mien. Read it back on the page About.');
  if (names.some((name) => picture.test(name))) return;
  if (names.some((name) => model.test(name))) refuse('holds a model. Add it on the page Models.');
  if (!names.some(mayHoldPoints)) refuse('holds no pictures, points or marks.');
}
