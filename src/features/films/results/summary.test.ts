import { describe, expect, it } from 'vitest';
import { signalsAt } from '../../../../tests/fixtures/film';
import { makeGaze } from '../../../../tests/fixtures/signals';
import { trackedFrames } from '../../../../tests/fixtures/tracked-frames';
import type { Blink } from '../../../engine/types';
import type { TrackedFrame } from '../types';
import { frameAt, gatherFilmData, lineOf, tellsSpread } from './film-data';
import { outlineOf } from './outline';
import { spansOf } from './people';
import { quantile, summarise } from './summary';

/** In chunks, as they are stored. */
async function* outlines(frames: readonly TrackedFrame[]) {
  for (let first = 0; first < frames.length; first += 64) yield outlineOf(frames.slice(first, first + 64));
}
const gather = (frames: readonly TrackedFrame[]) => gatherFilmData(outlines(frames));
const options = { names: { 1: 'Ada' }, hidden: [] };
const blinkAt = (eye: Blink['eye'], startMs: number): Blink => ({ eye, startMs, durationMs: 100, depth: 1 });

/** 10 s: one face with a gap of the tracker, turning from 0 to 50°, that blinks twice and winks once. */
const frames = trackedFrames(250, [
  {
    track: 1,
    frames: [
      [0, 99],
      [105, 199],
    ],
    at: () => [100, 100],
    spreadPx: 2,
    signals: (frame) => ({
      ...signalsAt(frame / 4),
      blinks:
        frame === 20 || frame === 90
          ? [blinkAt('left', 40 * frame - 130), blinkAt('right', 40 * frame - 120)]
          : frame === 50
            ? [blinkAt('left', 1900)]
            : [],
    }),
  },
  { track: 2, frames: [[150, 224]], at: () => [400, 100] },
]);

describe('the summary of a film', () => {
  it('counts frames, faces and blinks, and ranges of pose', async () => {
    const data = await gather(frames);
    const summary = summarise(data, spansOf(data.segments, []), options);
    expect(summary).toMatchObject({ frames: 250, shots: 1, durationMs: 10_000, medianSpreadPct: 2 });
    // 100 + 95 frames of the first, 25 more of the second alone.
    expect(summary.shareWithFace).toBe(220 / 250);
    const [ada, other] = summary.people;
    expect(ada).toMatchObject({ id: 1, name: 'Ada', frames: 195, firstMs: 0, lastMs: 40 * 199 });
    // Two in 195 · 40 ms: the wink is none.
    expect(ada.blinksPerMinute).toBeCloseTo((2 * 60_000) / (195 * 40), 2);
    expect(ada.yawDeg!.low).toBeCloseTo(2.43, 1);
    expect(ada.yawDeg!.high).toBeCloseTo(47.33, 1);
    expect(other).toMatchObject({ id: 2, name: '', frames: 75, medianSpreadPct: null, yawDeg: null });
  });

  it('is no longer for a pause in the picture than the pause itself, as recorded screens have them', async () => {
    const still = trackedFrames(50, []).map((frame) => ({
      ...frame,
      timeMs: frame.timeMs + (frame.index > 25 ? 2400 : 0),
    }));
    expect(summarise(await gather(still), [], options).durationMs).toBe(2000 + 2400);
  });

  it('counts blinks a minute by how long each frame is shown', async () => {
    // 10 s at 60 frames a second with two blinks, then 10 s at 5 without the face.
    const timeOf = (frame: number) => (frame < 600 ? (frame * 1000) / 60 : 10_000 + 200 * (frame - 600));
    const phone = trackedFrames(650, [
      {
        ...{ track: 1, frames: [[0, 599]] as const, at: () => [100, 100] as const },
        signals: (frame) => ({
          ...signalsAt(0),
          blinks: frame === 90 || frame === 390 ? [blinkAt('left', timeOf(frame)), blinkAt('right', timeOf(frame))] : [], // prettier-ignore
        }),
      },
    ]).map((frame) => ({ ...frame, timeMs: timeOf(frame.index) }));
    const data = await gather(phone);
    const [one] = summarise(data, spansOf(data.segments, []), options).people;
    expect(one.blinksPerMinute).toBe(12);
    // As the lines of the frames have it.
    expect(one.lastMs).toBe(9983.333);
  });

  it('does not say that the model tells no spread where nobody is seen or shown', async () => {
    const told = async (plans: Parameters<typeof trackedFrames>[1]) =>
      tellsSpread(await gather(trackedFrames(10, plans)));
    const face = { track: 1, frames: [[0, 9]] as const, at: () => [100, 100] as const };
    expect(await told([])).toBe(true);
    expect(await told([{ ...face, spreadPx: 2 }])).toBe(true);
    expect(await told([face])).toBe(false);
  });

  it('has ranges of the gaze of those who were seen to look', async () => {
    const looking = trackedFrames(101, [
      {
        ...{ track: 1, frames: [[0, 100]] as const, at: () => [100, 100] as const },
        // Both eyes are shut in the last frame.
        signals: (frame) => signalsAt(0, 0, 0, frame < 100 ? makeGaze({ yawDeg: frame % 20, pitchDeg: 3 }) : undefined), // prettier-ignore
      },
      { track: 2, frames: [[0, 50]], at: () => [400, 100], signals: () => signalsAt(5) },
    ]);
    const data = await gather(looking);
    const spans = spansOf(data.segments, []);
    const [one, other] = summarise(data, spans, options).people;
    expect(data.hasGaze).toBe(true);
    // Of five times 0 to 19.
    expect(one).toMatchObject({ gazeYawDeg: { low: 0.95, high: 18.05 }, gazePitchDeg: { low: 3, high: 3 } });
    expect(other).not.toHaveProperty('gazeYawDeg');
    const line = lineOf(data, spans, 1, 'gazeYawDeg');
    expect([line[0], line[39], line[100]]).toEqual([0, 19, null]);
  });

  it('of a film that was read before there was gaze has none', async () => {
    async function* old() {
      for await (const { values, ...outline } of outlines(frames)) {
        const { gazeYawDeg: _, gazePitchDeg: __, ...older } = values;
        yield { ...outline, values: older };
      }
    }
    const data = await gatherFilmData(old());
    expect(data.hasGaze).toBe(false);
    const { people } = summarise(data, spansOf(data.segments, []), options);
    expect(people[0]).toMatchObject({ yawDeg: { low: expect.closeTo(2.43, 1) } });
    expect(people[0]).not.toHaveProperty('gazeYawDeg');
  });

  it('leaves out who is hidden', async () => {
    const data = await gather(frames);
    const summary = summarise(data, spansOf(data.segments, []), { ...options, hidden: [1] });
    expect(summary.people.map(({ id }) => id)).toEqual([2]);
    expect(summary.shareWithFace).toBe(75 / 250);
  });

  it('of a film without faces or frames says so', async () => {
    const none = await gather(trackedFrames(10, []));
    expect(summarise(none, [], options)).toMatchObject({
      frames: 10,
      shareWithFace: 0,
      medianSpreadPct: null,
    });
    const empty = await gather([]);
    expect(summarise(empty, [], options)).toMatchObject({ frames: 0, shots: 0, durationMs: 0, people: [] });
  });

  it('has quantiles as NumPy has them', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.05)).toBeCloseTo(10.5, 10);
    expect(quantile([7], 0.95)).toBe(7);
  });

  it('of people who are each seen for a moment of a long film takes no time', async () => {
    const people = 300;
    const moments = trackedFrames(
      people,
      Array.from({ length: people }, (_, i) => ({
        ...{ track: i + 1, frames: [[i, i]] as const, spreadPx: 1 },
        at: () => [400 * i, 0] as const,
      })),
    );
    const data = await gather(moments);
    const long = { ...data, times: [...data.times, ...Array<number>(3_000_000).fill(40 * people)] };
    const startMs = performance.now();
    const summary = summarise(long, spansOf(data.segments, []), options);
    // A walk through all frames for each of them takes a minute.
    expect(performance.now() - startMs).toBeLessThan(3000);
    expect(summary.people.map(({ medianSpreadPct }) => medianSpreadPct)).toEqual(Array(people).fill(1));
  });
});

describe('curves', () => {
  it('have a value in every frame in which the face was seen', async () => {
    const data = await gather(frames);
    const line = lineOf(data, spansOf(data.segments, []), 1, 'yawDeg');
    expect(line).toHaveLength(250);
    expect([line[0], line[99], line[100], line[104], line[105], line[199], line[200]]).toEqual([
      0,
      24.75,
      null,
      null,
      26.25,
      49.75,
      null,
    ]);
  });

  it('lead from a time to the frame that is shown then', () => {
    const times = [10, 20, 40];
    expect([0, 10, 19.9, 20, 39, 40, 1000].map((timeMs) => frameAt(times, timeMs))).toEqual([
      0, 0, 0, 1, 1, 2, 2,
    ]);
  });
});
