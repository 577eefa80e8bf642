/** All that the page needs of a film at once: times, tracks and measures; the points stay in storage. */

import type { Blink } from '../../../engine/types';
import type { TrackedFrame } from '../types';
import { measureNames, measures, type Measure } from './measures';
import type { PersonFinder, Span } from './people';
import { extendSegments, type Segment } from './segments';

/** Of one track, frame by frame from its first; NaN where it was not seen. */
type TrackValues = Readonly<Record<Measure, number[]>>;

export interface TrackBlink extends Blink {
  readonly track: number;
  readonly frame: number;
}

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

export async function gatherFilmData(frames: AsyncIterable<TrackedFrame>): Promise<FilmData> {
  const times: number[] = [];
  const cuts: number[] = [];
  const segments = new Map<number, Segment>();
  const seen = new Map<number, number[]>();
  const values = new Map<number, TrackValues>();
  const blinks: TrackBlink[] = [];
  const expressions = new Set<string>();
  let shot = 0;
  let hasSignals = false;
  for await (const frame of frames) {
    if (frame.shot !== shot) cuts.push(frame.index);
    shot = frame.shot;
    times.push(frame.timeMs);
    extendSegments(segments, frame);
    for (const face of frame.faces) {
      const frames = seen.get(face.track);
      if (frames) frames.push(frame.index);
      else seen.set(face.track, [frame.index]);
      addValues(values, segments.get(face.track)!, frame, face);
      if (!face.signals) continue;
      hasSignals = true;
      for (const name of Object.keys(face.signals.expression)) expressions.add(name);
      for (const blink of face.signals.blinks)
        blinks.push({ ...blink, track: face.track, frame: frame.index });
    }
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
  { index }: TrackedFrame,
  face: TrackedFrame['faces'][number],
): void {
  let own = all.get(track);
  if (!own) {
    own = Object.fromEntries(measureNames.map((name) => [name, [] as number[]])) as Record<Measure, number[]>;
    all.set(track, own);
  }
  for (const name of measureNames) {
    const line = own[name];
    while (line.length < index - firstFrame) line.push(NaN);
    line.push(measures[name](face));
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
