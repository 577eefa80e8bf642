import { describe, expect, it } from 'vitest';
import { CALIBRATION_MS } from './calibration';
import { MEAN_FACE } from './face';
import { createRest, type Rest } from './rest';

const FRAME_MS = 40;

/** The mean face with its points moved, cm. */
const faceOf = (moved: number) => MEAN_FACE.mean.map((value) => value + moved);
/** How far the points at rest are moved. */
const movedOf = (rest: Rest) => rest.points[0] - MEAN_FACE.mean[0];

function show(rest: Rest, moved: number, activity: number, seconds: number, from = 0, yawDeg = 0): number {
  const frames = Math.round((1000 * seconds) / FRAME_MS);
  for (let i = 0; i < frames; i++)
    rest.learn(faceOf(moved), activity, yawDeg, 0, FRAME_MS / 1000, from + i * FRAME_MS);
  return from + frames * FRAME_MS;
}

describe('the look at rest', () => {
  it('is the mean face until more is known', () => {
    const rest = createRest();
    expect(rest.known).toBe(0);
    expect(movedOf(rest)).toBe(0);
  });

  it('is learnt from calm frames, more the longer they last', () => {
    const rest = createRest();
    show(rest, 0.5, 0.2, 1);
    const early = rest.known;
    expect(movedOf(rest)).toBeCloseTo(0.5 * early, 5);
    show(rest, 0.5, 0.2, 20, 1000);
    expect(rest.known).toBeGreaterThan(Math.max(early, 0.9));
    expect(movedOf(rest)).toBeGreaterThan(0.45);
  });

  it('is hardly touched by expressions, nor by turned heads', () => {
    const rest = createRest();
    let timeMs = 0;
    for (let i = 0; i < 30; i++) {
      timeMs = show(rest, 0.1, 0.2, 1, timeMs);
      timeMs = show(rest, 2, 3, 0.5, timeMs);
      timeMs = show(rest, 5, 0.1, 0.2, timeMs, 60);
    }
    expect(Math.abs(movedOf(rest) - 0.1)).toBeLessThan(0.1);
  });

  it('is what is shown on request, and is kept', () => {
    const rest = createRest();
    let timeMs = show(rest, 0.5, 0.2, 10);
    rest.calibrate();
    timeMs = show(rest, 1, 2, CALIBRATION_MS / 1000, timeMs);
    expect(rest.known).toBe(1);
    expect(movedOf(rest)).toBeCloseTo(1, 5);
    show(rest, 0, 0, 30, timeMs);
    expect(movedOf(rest)).toBeCloseTo(1, 5);
    rest.calibrate();
    show(rest, 0.3, 0, 2, timeMs + 60_000);
    expect(movedOf(rest)).toBeCloseTo(0.3, 5);
  });

  it('is known from the first frame that is shown, even without a duration', () => {
    const rest = createRest();
    rest.calibrate();
    rest.learn(faceOf(0.7), 0, 0, 0, 0, 0);
    expect(movedOf(rest)).toBeCloseTo(0.7, 5);
  });
});

describe('a look that is being shown', () => {
  it('is that of a second, though the clock is set back meanwhile', () => {
    const rest = createRest();
    rest.calibrate();
    const timeMs = show(rest, 0.5, 0, 0.4, 60_000);
    expect(timeMs).toBeGreaterThan(60_000);
    // Another source begins at 0.
    show(rest, 0.5, 0, 1.2, 0);
    show(rest, 3, 0, 5, 1200);
    expect(movedOf(rest)).toBeCloseTo(0.5, 5);
  });

  it('takes the place of one that was shown before, and of nothing else meanwhile', () => {
    const rest = createRest();
    rest.calibrate();
    const timeMs = show(rest, 0.5, 0, 2);
    rest.calibrate();
    expect(rest.known).toBe(1);
    expect(movedOf(rest)).toBeCloseTo(0.5, 5);
    show(rest, 1, 0, 2, timeMs);
    expect(movedOf(rest)).toBeCloseTo(1, 5);
  });
});
