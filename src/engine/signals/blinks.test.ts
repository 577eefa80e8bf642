import { describe, expect, it } from 'vitest';
import { createBlinkDetector, MAX_BLINK_MS, type Closure } from './blinks';

const FRAME_MS = 33;

/** The blinks in a course of widths, frame by frame. */
function blinksOf(widths: readonly (number | null)[], frameMs = FRAME_MS): Closure[] {
  const detector = createBlinkDetector();
  return widths.flatMap((width, i) => detector.next(width, i * frameMs) ?? []);
}

const open = (frames: number) => Array.from({ length: frames }, () => 1);

describe('an eye', () => {
  it('that shuts and opens again blinks, from the last frame in which it was open', () => {
    expect(blinksOf([...open(5), 0.5, 0.1, 0, 0.3, 0.5, 0.9, 1])).toEqual([
      { startMs: 4 * FRAME_MS, durationMs: 6 * FRAME_MS, width: 0, openWidth: 1 },
    ]);
  });

  it('that hardly narrows does not blink', () => {
    expect(blinksOf([...open(5), 0.85, 0.75, 0.8, 1, 1])).toEqual([]);
  });

  it('that trembles about a threshold blinks once', () => {
    expect(blinksOf([...open(5), 0.68, 0.72, 0.68, 0.72, 0.68, 0.8, 0.7, 0.9])).toHaveLength(1);
  });

  it('that squints or looks down blinks from there', () => {
    const narrow = Array.from({ length: 40 }, () => 0.5);
    expect(blinksOf([...open(20), ...narrow])).toEqual([]);
    expect(blinksOf([...open(20), ...narrow, 0.2, 0.1, 0.5, 0.5])).toHaveLength(1);
    expect(blinksOf([...open(20), ...narrow, ...open(20)])).toEqual([]);
  });

  it('that stays shut does not blink, and blinks again once it was open', () => {
    const shut = Array.from({ length: Math.ceil(MAX_BLINK_MS / FRAME_MS) + 1 }, () => 0);
    expect(blinksOf([...open(5), ...shut, 1, 1])).toEqual([]);
    expect(blinksOf([...open(5), ...shut, 1, 1, 0.1, 0.1, 1])).toHaveLength(1);
  });

  it('that is shut when it is first seen has not begun to shut', () => {
    expect(blinksOf([0, 0, 0.1, 1, 1])).toEqual([]);
    expect(blinksOf([0, 0, 1, 0, 0, 1])).toHaveLength(1);
  });

  it('that is hidden in between does not blink', () => {
    expect(blinksOf([...open(5), 0.1, null, 0.1, 1, 1])).toEqual([]);
    expect(blinksOf([...open(5), 0.1, null, null, 1, 1])).toEqual([]);
  });

  it('of which frames are missing does not blink, nor where time steps back', () => {
    expect(blinksOf([1, 1, 0, 1, 1], 300)).toEqual([]);
    const detector = createBlinkDetector();
    const times: [number, number][] = [[1, 0], [1, 33], [0, 66], [1, 20], [1, 53]]; // prettier-ignore
    expect(times.flatMap(([width, timeMs]) => detector.next(width, timeMs) ?? [])).toEqual([]);
  });
});
