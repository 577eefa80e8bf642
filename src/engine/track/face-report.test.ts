import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import { FRAME_MS, picture, predictionOf } from '../../../tests/fixtures/tracking-world';
import type { ReadEyes } from '../gaze/eye-network';
import { boxOf } from '../geometry';
import { loadExpression } from '../signals/expression';
import { createStopwatch } from '../timings';
import type { Face, Points } from '../types';
import type { Observation, Track } from './association';
import { createFaceReport, type FaceReport, type ReadEyesOf, type ReportOptions } from './face-report';
import { createOneEuro, oneEuroSettings } from './one-euro';

const scheme = { id: 'ibug68', pointCount: 68, eyes: [[36, 39], [42, 45]] } as const; // prettier-ignore
const wanted: ReportOptions = { smoothing: 0, signals: true, gaze: false, fieldOfViewDeg: 50 };
const camera = { width: picture.width, height: picture.height, fieldOfViewDeg: wanted.fieldOfViewDeg };

/** The left eye in full, which looks straight out of its middle. */
const readLeft: ReadEyesOf = async (_, faces) =>
  faces.map((points): ReadEyes => {
    const [inner, outer] = [points.slice(2 * 42, 2 * 43), points.slice(2 * 45, 2 * 46)];
    const iris = { x: (inner[0] + outer[0]) / 2, y: (inner[1] + outer[1]) / 2, spread: 1 };
    return { left: { iris, lids: points.slice(2 * 42, 2 * 48), lidSpread: 0.03 }, right: null };
  });

beforeAll(loadExpression);

let readEyes: ReturnType<typeof vi.fn<ReadEyesOf>>;
let track: Track;
let timeMs: number;
let report: FaceReport;
const seen = (points: Points<'image'>): Observation => ({
  track,
  prediction: predictionOf(points, 0.95),
  score: 0.95,
});
beforeEach(() => {
  const points = seenFace({}, [0, 0, -60], camera);
  const filter = createOneEuro(oneEuroSettings(0));
  track = { id: 7, filter, signals: null, points, box: boxOf(points), velocity: { x: 0, y: 0 }, seenMs: 0, sightings: 1 }; // prettier-ignore
  readEyes = vi.fn(readLeft);
  timeMs = 0;
  report = createFaceReport(readEyes, { scheme });
});

/** The next frame, with a face of these points in it. */
async function next(points: Points<'image'>, options = wanted): Promise<Face> {
  timeMs += FRAME_MS;
  const frame = { picture, timeMs, watch: createStopwatch() };
  const observation = seen(points);
  const [eyes] = await report.eyesOf(frame, [observation], options);
  return report.toFace(track, observation, eyes, frame, options);
}

it('tells of a face what it does, frame by frame, under the number of its track', async () => {
  for (let yawDeg = 0; yawDeg < 40; yawDeg += 4) {
    const { id, score, signals } = await next(seenFace({ yawDeg }, [0, 0, -60], camera));
    expect([id, score]).toEqual([7, 0.95]);
    expect(signals!.pose.yawDeg).toBeCloseTo(yawDeg, 1);
    expect(signals!.eyes.left).toBeGreaterThan(0.7);
  }
});

it('tells points alone unless more is asked for, and of points other than the 68', async () => {
  const has = async (options = wanted) => 'signals' in (await next(track.points, options));
  expect(await has({ ...wanted, signals: false })).toBe(false);
  expect(await has()).toBe(true);
  expect(await has({ ...wanted, signals: false })).toBe(false);
  report = createFaceReport(readEyes, { scheme: { ...scheme, id: 'other' } });
  expect(await has()).toBe(false);
});

it('tells gaze where it is asked for, by what the network of the points found', async () => {
  const { signals: before } = await next(track.points);
  expect(before).not.toHaveProperty('gaze');
  expect(before!.expression).not.toHaveProperty('eyeLookUpLeft');
  expect(readEyes).not.toHaveBeenCalled();
  const { signals } = await next(track.points, { ...wanted, gaze: true });
  expect(signals!.gaze!.right).toBeNull();
  expect(signals!.gaze!.yawDeg).toBe(signals!.gaze!.left!.yawDeg);
  expect(signals!.expression).toHaveProperty('eyeLookUpLeft');
  await next(track.points, { ...wanted, signals: false, gaze: true });
  expect(readEyes).toHaveBeenCalledTimes(1);
});

it('reads the eyes of all faces of a frame in one pass, and of none where there are none', async () => {
  const frame = { picture, timeMs, watch: createStopwatch() };
  const options = { ...wanted, gaze: true };
  expect(await report.eyesOf(frame, [seen(track.points), seen(track.points)], options)).toHaveLength(2);
  expect(readEyes).toHaveBeenCalledTimes(1);
  expect(await report.eyesOf(frame, [], options)).toEqual([]);
  report = createFaceReport(readEyes, { scheme: { ...scheme, id: 'imm73', pointCount: 73 } });
  expect(await report.eyesOf(frame, [seen(track.points)], options)).toEqual([]);
  expect(readEyes).toHaveBeenCalledTimes(1);
});

it('shows what a taught model adds, with the box of the points that it leads by', async () => {
  const taught = { points: Float32Array.of(1, 2), spread: null, kind: 'points' } as const;
  report = createFaceReport(readEyes, { scheme, taught: { kind: 'points' } as never });
  timeMs += FRAME_MS;
  const observation = seen(track.points);
  const face = report.toFace(
    track,
    { ...observation, prediction: { ...observation.prediction, taught } },
    undefined,
    { picture, timeMs, watch: createStopwatch() },
    wanted,
  );
  expect([...face.points]).toEqual([1, 2]);
  expect(face.box).toEqual(observation.prediction.box);
  expect(face).not.toHaveProperty('signals');
});

it('learns the rest of a face by itself, over time', async () => {
  const wide = Float32Array.from(track.points);
  wide[96] -= 15;
  const width = async () => (await next(wide)).signals!.mouth.width;
  const first = await width();
  expect(first).toBeGreaterThan(1.07);
  let last = first;
  for (let frame = 0; frame < 10 * 25; frame++) last = await width();
  expect(last - 1).toBeLessThan((first - 1) / 4);
});
