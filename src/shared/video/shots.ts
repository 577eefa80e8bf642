/**
 * Tells where shots begin: at hard cuts, dissolves, and fades through black or white; not at flashes, lights that go on, pans,
 * zooms or people who move.
 *
 * A hard cut changes the histogram far more than the frames before and after it do (the sliding window of Yeo and Liu 1995).
 * Gradual changes are looked for over longer times (the twin comparison of Zhang, Kankanhalli and Smoliar 1993); whether they are
 * a dissolve or motion, the frames between tell: a dissolve's are blends of both ends (the double chromatic difference of Yu,
 * Bozdagi and Harrington 1997), here in fine detail, of which motion leaves nothing in place.
 */

import {
  blendOf,
  changeBetween,
  changedPixels,
  detailEnergy,
  keptDetail,
  sketchOf,
  type Sketch,
} from './frame-sketch';
import type { Thumbnail } from './thumbnail';

/** Share of pixels that changed their level, 0..1. At a hard cut it is 0.3 and more, within a shot mostly below 0.1. */
const MIN_CHANGE = 0.25;
/** Times the mean change of the last frames. */
const MIN_RATIO = 3;
const RECENT = 8;
/** Correlation of detail: one scene in another light keeps more. */
const MAX_KEPT_DETAIL = 0.4;
/** A frame with less of another's energy of detail is nearly blank: any frame is a blend of it and what comes after it. */
const MIN_DETAIL_SHARE = 0.2;

/** Whatever looks as before again within this time was a flash. */
const FLASH_MS = 150;
/** Frames that are held back to find that out, at most. */
const MAX_HELD = 5;
/** After a longer time without any picture another shot begins, even of the same scene. */
const MAX_BLANK_MS = 500;

/** Dissolves are sought between frames that are at least so far apart, ms. */
const STEP_MS = 60;
/** How many steps a dissolve may take, by quarters. */
const SPANS = [4, 8, 16, 32] as const;
/** What motion leaves unexplained by a blend is about 0.9, what dissolves between moving people do is below 0.3. */
const MAX_RESIDUAL = 0.35;
/** There is so much of the first frame three quarters on, at least, and of both half-way: else it is a shorter dissolve, or over. */
const MIN_SHARE = 0.15;
/** A dissolve is over when none was seen for so long; the other shot begins there. */
const SETTLED_MS = 150;
/** After one ends none is looked for so long: of a slow one the rest would be another. */
const QUIET_MS = 2000;

interface TimedSketch extends Sketch {
  readonly timeMs: number;
}

export interface ShotDetector {
  /**
   * Takes the next frame. @returns for the frames whose turn it is, in order, whether each begins another shot: mostly for this
   * one, for none while a flash may be under way, for several afterwards. The first frame of all begins none.
   */
  add(thumbnail: Thumbnail, timeMs: number): readonly boolean[];
  /** For the frames that are still held back. */
  end(): readonly boolean[];
}

/** @param canHold whether frames can wait; where they cannot, flashes are taken for cuts */
export function createShotDetector(canHold = true): ShotDetector {
  const maxHeld = canHold ? MAX_HELD : 0;
  let held: TimedSketch[] = [];
  /** Of this shot, the last first: all steps that a dissolve may take. */
  let steps: TimedSketch[] = [];
  let last: TimedSketch | null = null;
  let blankSinceMs: number | null = null;
  let recent: number[] = [];
  /** When a dissolve was seen last. */
  let dissolvedMs: number | null = null;
  let quietUntilMs = -Infinity;

  function begin(frame: TimedSketch): true {
    [last, steps, recent, blankSinceMs, dissolvedMs] = [frame, [frame], [], null, null];
    return true;
  }

  /** @returns whether a dissolve has ended */
  function goOn(frame: TimedSketch): boolean {
    if (last) recent = [...recent.slice(1 - RECENT), changeBetween(last, frame)];
    last = frame;
    blankSinceMs = null;
    if (steps.length && frame.timeMs - steps[0].timeMs < STEP_MS) return false;
    steps = [frame, ...steps.slice(0, SPANS[SPANS.length - 1])];
    const { timeMs } = frame;
    if (timeMs < quietUntilMs) return false;
    if (isDissolved(steps)) dissolvedMs = timeMs;
    else if (dissolvedMs !== null && timeMs - dissolvedMs >= SETTLED_MS) {
      quietUntilMs = timeMs + QUIET_MS;
      return begin(frame);
    }
    return false;
  }

  function isHardCut(frame: TimedSketch, later: readonly TimedSketch[]): boolean {
    if (!last || !isOther(last, frame)) return false;
    const change = changeBetween(last, frame);
    const after = later.map((one, i) => changeBetween(i ? later[i - 1] : frame, one));
    return change >= MIN_RATIO * mean(recent) && change >= MIN_RATIO * median(after);
  }

  /** Null: later frames have to tell. */
  function decide(frame: TimedSketch, later: readonly TimedSketch[], isEnd: boolean): boolean | null {
    if (frame.isBlank) {
      blankSinceMs ??= frame.timeMs;
      return false;
    }
    if (blankSinceMs !== null && last) {
      const isLong = frame.timeMs - blankSinceMs > MAX_BLANK_MS;
      return isLong || keptDetail(last, frame) < MAX_KEPT_DETAIL ? begin(frame) : goOn(frame);
    }
    if (!isHardCut(frame, later)) return goOn(frame);
    if (later.some((one) => !one.isBlank && !isOther(last!, one))) return false;
    const passedMs = (later.at(-1)?.timeMs ?? frame.timeMs) - frame.timeMs;
    const isKnown = isEnd || later.length >= maxHeld || passedMs >= FLASH_MS;
    return isKnown ? begin(frame) : null;
  }

  function settle(isEnd: boolean): boolean[] {
    const decisions: boolean[] = [];
    while (held.length) {
      const [frame, ...later] = held;
      const decision = decide(frame, later, isEnd);
      if (decision === null) break;
      decisions.push(decision);
      held = later;
    }
    return decisions;
  }

  return {
    add(thumbnail, timeMs) {
      held.push({ ...sketchOf(thumbnail), timeMs });
      return settle(false);
    },
    end: () => settle(true),
  };
}

const mean = (values: readonly number[]) =>
  values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;

const median = (values: readonly number[]) =>
  values.length ? values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] : 0;

/** Whether they show something else, rather than the same in another light. */
function isOther(one: Sketch, other: Sketch): boolean {
  if (changeBetween(one, other) < MIN_CHANGE) return false;
  return keptDetail(one, other, changedPixels(one, other)) < MAX_KEPT_DETAIL;
}

/** Whether the shot has become another by and by. @param steps the last first */
function isDissolved(steps: readonly Sketch[]): boolean {
  return SPANS.some((span) => span < steps.length && isBlended(steps, span));
}

function isBlended(steps: readonly Sketch[], span: number): boolean {
  const [to, from] = [steps[0], steps[span]];
  if (!isOther(from, to)) return false;
  const where = changedPixels(from, to);
  const [less, more] = [from, to].map((end) => detailEnergy(end, where)).toSorted((a, b) => a - b);
  if (less < MIN_DETAIL_SHARE * more) return false;
  const quarters = [3, 2, 1].map((part) => blendOf(steps[(part * span) / 4], from, to, where));
  const [early, middle, late] = quarters.map(({ share }) => share);
  const isRising = early < middle && middle < late && middle > MIN_SHARE && late < 1 - MIN_SHARE;
  return isRising && quarters.every(({ residual }) => residual <= MAX_RESIDUAL);
}
