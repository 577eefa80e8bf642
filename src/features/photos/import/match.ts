/** Which picture a file of points or a path in a table means. Pure. */

import { pathOf, stemOf } from '../../../shared/formats/names';
import { nameBefore, pathKey, sharedEnd } from '../../../shared/formats/paths';

export interface Named {
  readonly folder: string;
  readonly name: string;
}

export type Match<T> =
  /** `isByName`: the folders say something else. */
  | { readonly kind: 'sure'; readonly picture: T; readonly isByName: boolean }
  /** Each of them could be it. */
  | { readonly kind: 'doubtful'; readonly pictures: readonly T[] }
  | { readonly kind: 'none' };

/** Those of many pictures that may match a path: of the same name, with or without its extension. */
export function createLookup<T extends Named>(pictures: readonly T[]): (path: string) => readonly T[] {
  const byName = new Map<string, Set<T>>();
  for (const picture of pictures) {
    const name = pathKey(picture.name);
    for (const key of [name, stemOf(name)]) byName.set(key, (byName.get(key) ?? new Set()).add(picture));
  }
  return (path) => {
    const name = pathKey(path).split('/').at(-1)!;
    const names = [name, nameBefore(name)].filter((one) => one !== null);
    return [
      ...new Set(names.flatMap((one) => [one, stemOf(one)]).flatMap((key) => [...(byName.get(key) ?? [])])),
    ];
  };
}

/**
 * The picture of exactly that path; else those of that name whose path has most in common with it, counted from the end, where
 * `set/face.jpg` and `face.jpg` contradict each other in nothing. One that differs in its extension is doubtful.
 * So is one whose name has what annotation programs add to it.
 * @param isStem whether the path lacks the picture's extension; `face.jpg` then means `face.jpg.png` or `face.jpg`
 */
export function matchPath<T extends Named>(path: string, isStem: boolean, pictures: readonly T[]): Match<T> {
  const file = (picture: T) => pathKey(pathOf(picture));
  const stem = (picture: T) => stemOf(pathKey(pathOf(picture)));
  const exact = pictures.find((picture) => {
    const own = pathOf(picture);
    return path === own || (isStem && path === stemOf(own));
  });
  const isUnique = pictures.filter((picture) => stem(picture) === pathKey(path)).length <= 1;
  if (exact && (!isStem || isUnique || path === pathOf(exact))) return sure(exact);
  const full = nearest(pathKey(path), pictures, file);
  if (full.kind !== 'none') return full;
  // What follows the last dot may belong to the name: `photo.2024` of `photo.2024.jpg`.
  const whole = nearest(pathKey(path), pictures, stem);
  if (isStem) return exactCase(whole, path);
  const without = nearest(stemOf(pathKey(path)), pictures, stem);
  const found = without.kind === 'none' ? whole : without;
  const before = found.kind === 'none' ? nameBefore(pathKey(path)) : null;
  const likely = before === null ? found : matchPath(before, false, pictures);
  return likely.kind === 'sure' ? { kind: 'doubtful', pictures: [likely.picture] } : likely;
}

/** Of several files that all seem to mean one picture, those that are named exactly like it, if any is; the others are doubtful. */
export function isClaimSure(path: string, picture: Named, claims: readonly string[]): boolean {
  const keys = new Set(claims.map(pathKey));
  if (keys.size <= 1) return true;
  const own = pathKey(pathOf(picture));
  return [own, stemOf(own)].includes(pathKey(path));
}

function sure<T>(picture: T, isByName = false): Match<T> {
  return { kind: 'sure', picture, isByName };
}

/** Of `Anna.jpg` and `anna.jpg`, on systems that tell them apart, `Anna` means the first. */
function exactCase<T extends Named>(match: Match<T>, path: string): Match<T> {
  if (match.kind !== 'doubtful') return match;
  const same = match.pictures.filter((picture) => stemOf(pathOf(picture)).endsWith(path));
  return same.length === 1 ? sure(same[0]) : match;
}

/** Those that share most parts with `key` from the end, the name at least. */
function nearest<T>(key: string, pictures: readonly T[], keyOf: (picture: T) => string): Match<T> {
  const shared = pictures.map((picture) => sharedEnd(keyOf(picture), key));
  const most = shared.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) return { kind: 'none' };
  const found = pictures.filter((_, i) => shared[i] === most);
  const same = found.filter((picture) => keyOf(picture) === key);
  if (same.length === 1) return sure(same[0]);
  if (found.length > 1) return { kind: 'doubtful', pictures: found };
  const shorter = Math.min(key.split('/').length, keyOf(found[0]).split('/').length);
  return sure(found[0], most < shorter);
}
