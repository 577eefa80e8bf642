/** What a person says of who is who, and how the last of it is undone. */

import type { FilmRecord } from '../types';
import type { Span } from './people';

type Said = Pick<FilmRecord, 'edits' | 'names' | 'hidden'>;

/** From a frame on it is somebody new; null where one of the parts would be empty. */
export function splitPerson(
  spans: readonly Span[],
  { edits, names, hidden }: Said,
  person: number,
  atFrame: number,
): (Pick<Said, 'edits'> & { readonly into: number }) | null {
  const own = spans.filter((span) => span.person === person);
  const isBefore = own.some(({ firstFrame }) => firstFrame < atFrame);
  const isAfter = own.some(({ lastFrame }) => lastFrame >= atFrame);
  if (!isBefore || !isAfter) return null;
  const used = [
    ...spans.map((span) => span.person),
    ...edits.flatMap((edit) => [edit.person, edit.into]),
    // Films of before keep those of splits that were undone.
    ...Object.keys(names).map(Number),
    ...hidden,
  ];
  const into = Math.max(...used) + 1;
  return { into, edits: [...edits, { kind: 'split', person, atFrame, into }] };
}

/** The two are one, by the name of the second, or the only one there is. */
export function mergePeople(
  { edits, names }: Said,
  person: number,
  into: number,
): Pick<Said, 'edits' | 'names'> {
  const givesName = Boolean(names[person]) && !names[into];
  return {
    edits: [...edits, { kind: 'merge', person, into, ...(givesName && { givesName }) }],
    names: givesName ? { ...names, [into]: names[person] } : names,
  };
}

/** Without the last edit, and without what only came by it. */
export function undoEdit({ edits, names, hidden }: Said): Said {
  const last = edits.at(-1);
  const rest = edits.slice(0, -1);
  if (last?.kind === 'split')
    return {
      edits: rest,
      names: without(names, last.into),
      hidden: hidden.filter((one) => one !== last.into),
    };
  const isGiven = last?.givesName && names[last.into] === names[last.person];
  return { edits: rest, names: isGiven ? without(names, last.into) : names, hidden };
}

const without = (names: Said['names'], person: number): Said['names'] =>
  Object.fromEntries(Object.entries(names).filter(([id]) => Number(id) !== person));
