/** Paths of pictures in exported files, and how coordinates are written. */

import type { Points } from '../../engine/types';
import type { ExportFace, ExportPicture } from './types';

/** Decimal places: ten times finer than the 0.001 px that a round trip may lose. */
const decimals = 4;

/** Rounds to `decimals` places. */
export function rounded(value: number): number {
  return Number(value.toFixed(decimals));
}

/** Null for what is missing: JSON has no NaN. */
export function roundedOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : rounded(value);
}

/** x and y of each point, rounded; both NaN for a missing one. @param shift px added to both */
export function pairsOf(points: Points<'image'>, shift = 0): [x: number, y: number][] {
  return Array.from({ length: points.length / 2 }, (_, i) => [
    rounded(points[2 * i] + shift),
    rounded(points[2 * i + 1] + shift),
  ]);
}

export function pathOf({ folder, name }: Pick<ExportPicture, 'folder' | 'name'>): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The path without its last extension. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

/**
 * The same pictures under paths that are safe to unpack on any system and unique without their extensions, regardless of case and
 * of accents in one sign or two, so that each can have its own files beside it: a second `image.png` becomes `image-2.png`.
 */
export function namedApart(pictures: readonly ExportPicture[]): ExportPicture[] {
  const taken = new Set<string>();
  return pictures.map((picture) => {
    const folder = picture.folder.split('/').map(safePart).filter(Boolean).join('/');
    const safe = safePart(picture.name) || 'picture';
    const stem = stemOf(safe) || safe;
    const numberedKey = (count: number) => keyOf(pathOf({ folder, name: numbered(stem, count) }));
    let count = 1;
    while (taken.has(numberedKey(count))) count += 1;
    taken.add(numberedKey(count));
    return { ...picture, folder, name: numbered(stem, count) + safe.slice(stem.length) };
  });
}

/**
 * Names for formats that have one file per face: `anna` is the first face of `anna.jpg`, `anna_1`, `anna_2`, … the others,
 * skipping names that belong to another picture.
 */
export function* namedFaces(
  pictures: readonly ExportPicture[],
): Generator<{ readonly name: string; readonly face: ExportFace; readonly picture: ExportPicture }> {
  const stems = new Set(pictures.map((picture) => keyOf(stemOf(pathOf(picture)))));
  for (const picture of pictures) {
    const stem = stemOf(pathOf(picture));
    let number = 0;
    for (const [i, face] of picture.faces.entries()) {
      let name = stem;
      while (i > 0 && stems.has(keyOf(name))) name = `${stem}_${++number}`;
      stems.add(keyOf(name));
      yield { name, face, picture };
    }
  }
}

function numbered(stem: string, count: number): string {
  return count === 1 ? stem : `${stem}-${count}`;
}

/** Systems that take two such paths for one would unpack the second over the first. */
const keyOf = (path: string) => path.normalize('NFC').toLowerCase();

/** Names of devices on Windows, whatever the extension. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\s*(\.|$))/i;

/** A file or folder name that every system accepts and that stays inside its folder. */
function safePart(part: string): string {
  return (
    part
      // eslint-disable-next-line no-control-regex
      .replace(/[\x00-\x1f<>:"/\\|?*]/g, '_')
      .replace(/^\.+$|[. ]+$/g, '')
      .replace(devices, '$1_')
  );
}
