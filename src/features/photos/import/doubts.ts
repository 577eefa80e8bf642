/** Questions about files whose picture is not sure: what is doubtful for the same reason is asked about once. Pure. */

import { pathOf } from '../../../shared/formats/names';
import type { Named } from './match';

export type DoubtReason =
  /** More than one picture fits. */
  | 'several'
  /** The picture lies in another folder. */
  | 'folder'
  /** The picture has another extension. */
  | 'extension'
  /** It is numbered as a further face of a picture, but there is no first. */
  | 'number';

export interface Doubtful<T extends Named, A> {
  /** Of the points or, in a table, of the picture as the table names it. */
  readonly path: string;
  readonly reason: DoubtReason;
  readonly pictures: readonly T[];
  readonly answer: (picture: T) => A;
}

/** A question with its possible answers; none of them is possible too. */
export interface Doubt<A> {
  readonly text: string;
  readonly choices: readonly { readonly label: string; readonly answers: readonly A[] }[];
}

export function groupDoubts<T extends Named, A>(doubtful: readonly Doubtful<T, A>[]): Doubt<A>[] {
  const groups = new Map<string, Doubtful<T, A>[]>();
  for (const one of doubtful) {
    const folders = one.pictures.map(({ folder }) => folder);
    const isByFolder = new Set(folders).size === folders.length;
    const key = JSON.stringify([one.reason, folderOf(one.path), isByFolder ? folders.sort() : one.path]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map(toDoubt);
}

function toDoubt<T extends Named, A>(group: readonly Doubtful<T, A>[]): Doubt<A> {
  const [first] = group;
  const labelOf = (picture: T) =>
    group.length === 1 ? pathOf(picture) : `Those in ${picture.folder || 'no folder'}`;
  return {
    text: textOf(first, group.length),
    choices: first.pictures.map((picture) => ({
      label: labelOf(picture),
      answers: group.map(({ pictures, answer }) =>
        answer(pictures.find(({ folder }) => folder === picture.folder && group.length > 1) ?? picture),
      ),
    })),
  };
}

function textOf({ path, reason, pictures }: Omit<Doubtful<Named, unknown>, 'answer'>, count: number): string {
  const more = count > 1 ? ` So with ${count - 1} more.` : '';
  const picture = pathOf(pictures[0]);
  switch (reason) {
    case 'several':
      return pictures.length > 1
        ? `${path} fits ${pictures.length} pictures. Which one is meant?${more}`
        : `${path} is not the only one that fits ${picture}. Does it belong to it?${more}`;
    case 'folder':
      return `${path} lies in another folder than ${picture}. Do they belong together?${more}`;
    case 'extension':
      return `${path} is not here, but ${picture} is. Is it the same picture?${more}`;
    case 'number':
      return `${path} is numbered like a further face of ${picture}, but the first is not here. Do they belong together?${more}`;
  }
}

function folderOf(path: string): string {
  return path.split(/[\\/]/).slice(0, -1).join('/');
}
