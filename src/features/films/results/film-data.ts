/** All that the page needs of a film at once: times, tracks and measures; the points stay in storage. */

import type { Blink } from '../../../engine/types';
import { measureNames, type Measure } from './measures';
import { boxAt, type Outline, type TrackBlink } from './outline';
import type { PersonFinder, Span } from './people';
import { extendSegments, type Segment } from './segments';

/** Of one track, frame by frame from its first; NaN where it was not seen. */
type TrackValues = Readonly<Record<Measure, number[]>>;

export interface FilmData {
  /** Presentation time of each frame, ms. */
  readonly times: readonly number[];
  /** Frames that begin a shot, without the first of all. */
  readonly cuts: readonly number[];
  readonly segments: readonly Segment[];
  /** Frames in which each track was seen. */
  readonly seen: ReadonlyMap<number, readonly number[]>;
  readonly values: ReadonlyMap<number, TrackValues>;
  readonly blinks: readonly TrackBlink[];
  readonly hasSignals: boolean;
  readonly expressions: readonly string[];
}

export async function gatherFilmData(outlines: AsyncIterable<Outline>): Promise<FilmData> {
  const times: number[] = [];
  const cuts: number[] = [];
  const segments = new Map<number, Segment>();
  const seen = new Map<number, number[]>();
  const values = new Map<number, TrackValues>();
  const blinks: TrackBlink[] = [];
  const expressions = new Set<string>();
  let shot = 0;
  let hasSignals = false;
  for await (const outline of outlines) {
    let face = 0;
    outline.times.forEach((timeMs, i) => {
      const index = outline.firstFrame + i;
      if (outline.shots[i] !== shot) cuts.push(index);
      shot = outline.shots[i];
      times.push(timeMs);
      for (const end = face + outline.faceCounts[i]; face < end; face++) {
        const track = outline.tracks[face];
        const place = { track, shot, frame: index, timeMs, box: boxAt(outline, face) };
        const segment = extendSegments(segments, place);
        const frames = seen.get(track);
        if (frames) frames.push(index);
        else seen.set(track, [index]);
        addValues(values, segment, index, outline, face);
      }
    });
    hasSignals ||= outline.hasSignals;
    for (const name of outline.expressions) expressions.add(name);
    blinks.push(...outline.blinks);
  }
  return {
    ...{ times, cuts, seen, values, blinks, hasSignals },
    segments: [...segments.values()],
    expressions: [...expressions],
  };
}

function addValues(
  all: Map<number, TrackValues>,
  { track, firstFrame }: Segment,
  frame: number,
  { values }: Outline,
  face: number,
): void {
  let own = all.get(track);
  if (!own) {
    own = Object.fromEntries(measureNames.map((name) => [name, [] as number[]])) as Record<Measure, number[]>;
    all.set(track, own);
  }
  for (const name of measureNames) {
    const line = own[name];
    while (line.length < frame - firstFrame) line.push(NaN);
    line.push(values[name][face]);
  }
}

/** A measure of one person in every frame; null where it was not taken. */
export function lineOf(
  data: FilmData,
  spans: readonly Span[],
  person: number,
  measure: Measure,
): (number | null)[] {
  const line = Array<number | null>(data.times.length).fill(null);
  eachValue(data, spans, person, measure, (frame, value) => (line[frame] = value));
  return line;
}

/** Those of the line that were taken, without a walk through the frames in which the person was not there. */
export function valuesOf(
  data: FilmData,
  spans: readonly Span[],
  person: number,
  measure: Measure,
): readonly number[] {
  const values = new Map<number, number>();
  eachValue(data, spans, person, measure, (frame, value) => void values.set(frame, value));
  return [...values.values()];
}

function eachValue(
  { values, segments }: FilmData,
  spans: readonly Span[],
  person: number,
  measure: Measure,
  take: (frame: number, value: number) => void,
): void {
  const firstOf = new Map(segments.map(({ track, firstFrame }) => [track, firstFrame]));
  for (const { track, firstFrame, lastFrame } of spans.filter((span) => span.person === person)) {
    const own = values.get(track)![measure];
    const offset = firstOf.get(track)!;
    for (let frame = firstFrame; frame <= lastFrame; frame++) {
      const value = own[frame - offset];
      if (Number.isFinite(value)) take(frame, value);
    }
  }
}

/** The frame shown at a time; the first before the first. */
export function frameAt(times: readonly number[], timeMs: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times[middle] <= timeMs) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Blinks of both eyes at once, by person: a wink is none. */
export function countBlinks(blinks: readonly TrackBlink[], personOf: PersonFinder): Map<number, number> {
  const counts = new Map<number, number>();
  const right = blinks.filter(({ eye }) => eye === 'right');
  for (const blink of blinks.filter(({ eye }) => eye === 'left')) {
    const isBoth = right.some((other) => other.track === blink.track && overlaps(blink, other));
    const person = personOf(blink.track, blink.frame);
    if (isBoth && person) counts.set(person, (counts.get(person) ?? 0) + 1);
  }
  return counts;
}

const overlaps = (one: Blink, other: Blink) =>
  one.startMs <= other.startMs + other.durationMs && other.startMs <= one.startMs + one.durationMs;
