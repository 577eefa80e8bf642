/** Paths of pictures in exported files, and how coordinates are written. */

import type { ExportPicture } from './types';

/** Digits after the point: a tenth of the thousandth of a px that a round trip may cost. */
const decimals = 4;

/** A number as short as it can be; what it stands for differs by at most half a unit of the last digit. */
export function rounded(value: number): number {
  return Number(value.toFixed(decimals));
}

export function pathOf({ folder, name }: Pick<ExportPicture, 'folder' | 'name'>): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The path without its last extension. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

/**
 * The same pictures under paths that are safe to unpack anywhere and differ in more than their extensions or in the case of
 * letters, so that each can have files of its own beside it: a second `image.png` becomes `image-2.png`.
 */
export function namedApart(pictures: readonly ExportPicture[]): ExportPicture[] {
  const taken = new Set<string>();
  return pictures.map((picture) => {
    const folder = picture.folder.split('/').map(safePart).filter(Boolean).join('/');
    const safe = safePart(picture.name) || 'picture';
    const stem = stemOf(safe) || safe;
    const keyOf = (count: number) => pathOf({ folder, name: numbered(stem, count) }).toLowerCase();
    let count = 1;
    while (taken.has(keyOf(count))) count += 1;
    taken.add(keyOf(count));
    return { ...picture, folder, name: numbered(stem, count) + safe.slice(stem.length) };
  });
}

function numbered(stem: string, count: number): string {
  return count === 1 ? stem : `${stem}-${count}`;
}

/** A file or folder name that no system refuses and that leads nowhere else. */
function safePart(part: string): string {
  // eslint-disable-next-line no-control-regex
  return part.replace(/[\x00-\x1f<>:"/\\|?*]/g, '_').replace(/^\.+$|[. ]+$/g, '');
}
