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
  readonly hasGaze: boolean;
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
  let hasGaze = false;
  for await (const outline of outlines) {
    const { firstFrame } = outline;
    outline.shots.forEach((own, i) => {
      if (own !== shot) cuts.push(firstFrame + i);
      shot = own;
    });
    times.push(...outline.times);
    // A track at a time: long films have few tracks and many faces.
    for (const [track, own] of facesByTrack(outline)) {
      const placeOf = ({ face, at }: PlacedFace) => ({
        ...{ track, shot: outline.shots[at], frame: firstFrame + at },
        ...{ timeMs: outline.times[at], box: boxAt(outline, face) },
      });
      extendSegments(segments, placeOf(own[0]));
      const segment = extendSegments(segments, placeOf(own[own.length - 1]));
      const frames = seen.get(track) ?? [];
      seen.set(track, frames);
      for (const { at } of own) frames.push(firstFrame + at);
      addValues(values, segment, outline, own);
    }
    hasSignals ||= outline.hasSignals;
    hasGaze ||= outline.values.gazeYawDeg?.some(Number.isFinite) ?? false;
    for (const name of outline.expressions) expressions.add(name);
    blinks.push(...outline.blinks);
  }
  return {
    ...{ times, cuts, seen, values, blinks, hasSignals, hasGaze },
    segments: [...segments.values()],
    expressions: [...expressions],
  };
}

/** A face of an outline, and which of its frames it is in. */
interface PlacedFace {
  readonly face: number;
  readonly at: number;
}

function facesByTrack({ faceCounts, tracks }: Outline): Map<number, PlacedFace[]> {
  const all = new Map<number, PlacedFace[]>();
  let face = 0;
  faceCounts.forEach((count, at) => {
    for (const end = face + count; face < end; face++) {
      const own = all.get(tracks[face]);
      if (own) own.push({ face, at });
      else all.set(tracks[face], [{ face, at }]);
    }
  });
  return all;
}

function addValues(
  all: Map<number, TrackValues>,
  { track, firstFrame }: Segment,
  outline: Outline,
  faces: readonly PlacedFace[],
): void {
  let own = all.get(track);
  if (!own) {
    own = Object.fromEntries(measureNames.map((name) => [name, [] as number[]])) as Record<Measure, number[]>;
    all.set(track, own);
  }
  for (const name of measureNames) {
    const line = own[name];
    const values = outline.values[name];
    for (const { face, at } of faces) {
      while (line.length < outline.firstFrame + at - firstFrame) line.push(NaN);
      line.push(values?.[face] ?? NaN);
    }
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
  const taken: number[] = [];
  eachValue(data, spans, person, measure, (_, value) => void taken.push(value));
  return taken;
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

/** Whether the model tells the spread of its points, as far as faces show it: without any face nobody knows, and it may. */
export const tellsSpread = ({ segments, values }: FilmData): boolean =>
  segments.length === 0 || [...values.values()].some(({ spreadPct }) => spreadPct.some(Number.isFinite));

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
