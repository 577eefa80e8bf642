/** Who is who in a film: what linking found, changed by what a person said. */

import { linkTracks } from './link';
import type { Edit, FilmRecord } from '../types';
import type { Segment } from './segments';

/** Part of a track that shows one person; frames are counted from 0, both ends included. */
export interface Span {
  readonly track: number;
  readonly person: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
}

type Numbers = Readonly<Record<number, number>>;

/** The person of each track before edits, to be kept with whatever is said of them: tracks that are read later change none. */
export function numbersOf(
  segments: readonly Segment[],
  { edits, people = {} }: Pick<FilmRecord, 'edits' | 'people'>,
): Numbers {
  const given = edits.flatMap((edit) => (edit.kind === 'split' ? edit.into : []));
  return Object.fromEntries(linkTracks(segments, people, given));
}

/** @param people of tracks, as they were told before */
export function spansOf(
  segments: readonly Segment[],
  edits: readonly Edit[],
  people?: Numbers,
): readonly Span[] {
  const numbers = numbersOf(segments, { edits, people });
  const linked = segments.map(({ track, firstFrame, lastFrame }) => ({
    ...{ track, firstFrame, lastFrame },
    person: numbers[track],
  }));
  return edits.reduce<readonly Span[]>(
    (spans, edit) => spans.flatMap((span) => applyEdit(span, edit)),
    linked,
  );
}

function applyEdit(span: Span, edit: Edit): Span[] {
  if (span.person !== edit.person) return [span];
  if (edit.kind === 'merge') return [{ ...span, person: edit.into }];
  const { atFrame, into } = edit;
  if (span.lastFrame < atFrame) return [span];
  if (span.firstFrame >= atFrame) return [{ ...span, person: into }];
  return [
    { ...span, lastFrame: atFrame - 1 },
    { ...span, person: into, firstFrame: atFrame },
  ];
}

/** Ids in order of first appearance. */
export function peopleOf(spans: readonly Span[]): number[] {
  const inOrder = [...spans].sort(
    (one, other) => one.firstFrame - other.firstFrame || one.person - other.person,
  );
  return [...new Set(inOrder.map(({ person }) => person))];
}

export type PersonFinder = (track: number, frame: number) => number;

/** @returns 0 for a track that is in no span */
export function personFinder(spans: readonly Span[]): PersonFinder {
  const byTrack = new Map<number, Span[]>();
  for (const span of spans) byTrack.set(span.track, [...(byTrack.get(span.track) ?? []), span]);
  return (track, frame) => byTrack.get(track)?.find((span) => isIn(span, frame))?.person ?? 0;
}

const isIn = ({ firstFrame, lastFrame }: Span, frame: number) => firstFrame <= frame && frame <= lastFrame;

/** The first frame in which both can be seen, so that they cannot be one person; null where there is none. */
export function meetingFrame(spans: readonly Span[], one: number, other: number): number | null {
  const of = (person: number) => spans.filter((span) => span.person === person);
  const meetings = of(one).flatMap((a) =>
    of(other)
      .filter((b) => a.firstFrame <= b.lastFrame && b.firstFrame <= a.lastFrame)
      .map((b) => Math.max(a.firstFrame, b.firstFrame)),
  );
  return meetings.length ? Math.min(...meetings) : null;
}
