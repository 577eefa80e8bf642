/**
 * Paths as files of other programs give them, made comparable: with backslashes or `./`, of another machine, encoded as in an
 * address, with accents in one or two signs, in other capitals.
 */

/** Folders and name, comparable by `===`. */
export function pathKey(path: string): string {
  const parts = decoded(pathOfAddress(path.trim()))
    .replace(/^file:\/+/i, '')
    .replace(/\\/g, '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  const known = parts.reduce<string[]>((all, part) => {
    if (part === '..') all.pop();
    else all.push(part);
    return all;
  }, []);
  return folded(known.join('/'));
}

/** Of `https://host/set/face.jpg?token=1`, and of `/data/local-files/?d=set/face.jpg`, as Label Studio writes it. */
function pathOfAddress(path: string): string {
  const [, local] = /^(?:https?:\/\/[^/]+)?\/data\/local-files\/\?d=([^&]+)/i.exec(path) ?? [];
  if (local !== undefined) return local;
  const [, remote] = /^https?:\/\/[^/]+\/([^?#]+)/i.exec(path) ?? [];
  return remote ?? path;
}

/**
 * What a picture was called before a program took it in: Label Studio puts eight signs before its name, Roboflow its own behind.
 * Null where it has neither.
 */
export function nameBefore(key: string): string | null {
  const before = key
    .replace(/_(jpe?g|png|webp|bmp|tiff?)\.rf\.[0-9a-z]{20,40}\.\w+$/, '.$1')
    .replace(/(^|\/)[0-9a-f]{8}-(?=[^/]+$)/, '$1');
  return before === key ? null : before;
}

/** Marks of direction, and of how an emoji is drawn, which programs add and leave out. */
const unseen = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\ufe0e|\ufe0f/g;

/** Without case, in every writing: `ß` and `SS`, `ı` and `I`, `ﬁ` and `FI` are alike, accents in one sign or two. */
function folded(text: string): string {
  return text.replace(unseen, '').normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** How many parts two keys share, counted from their ends: 1 for the name alone, 2 with its folder. */
export function sharedEnd(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  let count = 0;
  while (count < Math.min(a.length, b.length) && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}

/** `Zo%C3%AB.jpg`; a name that only looks like it, such as `100%.jpg`, stays. */
function decoded(path: string): string {
  if (!/%[0-9a-f]{2}/i.test(path)) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
