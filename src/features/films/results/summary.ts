/** What a film comes to: how much of it shows faces, how sure the points are, how people blink and turn their heads. */

import type { FilmRange, FilmSummary, PersonSummary } from '../../../shared/formats/film';
import { roundedMs } from '../../../shared/formats/film/cells';
import { countBlinks, valuesOf, type FilmData } from './film-data';
import type { Measure } from './measures';
import { peopleOf, personFinder, type Span } from './people';

export interface SummaryOptions {
  readonly names: Readonly<Record<number, string>>;
  /** Left out, and their faces do not count. */
  readonly hidden: readonly number[];
}

/** Two decimals: percent, degrees and rates are not known any better. */
const rounded = (value: number) => Number(value.toFixed(2));

/** Linear between the two nearest, as NumPy's. @param values in any order, at least one; @param part 0..1 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

export function summarise(data: FilmData, spans: readonly Span[], options: SummaryOptions): FilmSummary {
  const shown = spans.filter(({ person }) => !options.hidden.includes(person));
  const { times } = data;
  const durations = frameDurations(times);
  const durationMs = times.length ? times[times.length - 1] - times[0] + durations[times.length - 1] : 0;
  const blinks = countBlinks(data.blinks, personFinder(shown));
  const people = peopleOf(shown).map((person) =>
    summarisePerson(data, shown, person, blinks, durations, options),
  );
  const spreads = peopleOf(shown).flatMap((person) => valuesOf(data, shown, person, 'spreadPct'));
  const withFace = new Set(shown.flatMap((span) => framesOf(data, span)));
  return {
    frames: times.length,
    shots: times.length ? data.cuts.length + 1 : 0,
    durationMs: rounded(durationMs),
    shareWithFace: times.length ? Number((withFace.size / times.length).toFixed(4)) : 0,
    medianSpreadPct: spreads.length ? rounded(quantile(spreads, 0.5)) : null,
    people,
  };
}

/** How long each frame is shown: until the next, the last as long as most. Phones and recorded screens have films of variable rate. */
function frameDurations(times: readonly number[]): number[] {
  const untilNext = times.slice(1).map((timeMs, i) => timeMs - times[i]);
  return times.length ? [...untilNext, untilNext.length ? quantile(untilNext, 0.5) : 0] : [];
}

const shownMs = (durations: readonly number[], frames: ReadonlySet<number>): number =>
  [...frames].reduce((sum, frame) => sum + durations[frame], 0);

function summarisePerson(
  data: FilmData,
  spans: readonly Span[],
  person: number,
  blinks: ReadonlyMap<number, number>,
  durations: readonly number[],
  { names }: SummaryOptions,
): PersonSummary {
  const own = spans.filter((span) => span.person === person);
  const frames = new Set(own.flatMap((span) => framesOf(data, span)));
  const spreads = valuesOf(data, spans, person, 'spreadPct');
  const minutes = shownMs(durations, frames) / 60_000;
  const rangeOf = (measure: Measure): FilmRange | null => {
    const values = valuesOf(data, spans, person, measure);
    if (!values.length) return null;
    return { low: rounded(quantile(values, 0.05)), high: rounded(quantile(values, 0.95)) };
  };
  const [gazeYawDeg, gazePitchDeg] = [rangeOf('gazeYawDeg'), rangeOf('gazePitchDeg')];
  return {
    id: person,
    name: names[person] ?? '',
    frames: frames.size,
    firstMs: roundedMs(data.times[Math.min(...own.map(({ firstFrame }) => firstFrame))]),
    lastMs: roundedMs(data.times[Math.max(...own.map(({ lastFrame }) => lastFrame))]),
    medianSpreadPct: spreads.length ? rounded(quantile(spreads, 0.5)) : null,
    blinksPerMinute: data.hasSignals && minutes > 0 ? rounded((blinks.get(person) ?? 0) / minutes) : null,
    yawDeg: rangeOf('yawDeg'),
    pitchDeg: rangeOf('pitchDeg'),
    rollDeg: rangeOf('rollDeg'),
    ...(gazeYawDeg && { gazeYawDeg }),
    ...(gazePitchDeg && { gazePitchDeg }),
  };
}

/** Frames of the span in which the face was seen, without the gaps that the tracker bridged. */
function framesOf({ seen }: Pick<FilmData, 'seen'>, { track, firstFrame, lastFrame }: Span): number[] {
  return seen.get(track)!.filter((frame) => firstFrame <= frame && frame <= lastFrame);
}
