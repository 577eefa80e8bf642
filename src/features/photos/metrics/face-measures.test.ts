import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apply, cropAffine } from '../../../engine/geometry';
import { parseManifest } from '../../../engine/model/manifest';
import type { Points, Scheme } from '../../../engine/types';
import { measuresOf } from './face-measures';
import meanFaces from './mean-face-3d.json';
import { poseOf, type Pose } from './pose';

/** Points are kept in single precision. */
const ANGLE_RAD = 1e-4;
/** With points that miss their places by 2 % of the eye distance. */
const NOISY_ANGLE_RAD = 0.04;

const path = 'static/models/lite/model.json';
const { scheme } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);

/** The mean face turned by the pose, seen from afar: 90 px between the eyes, at (300, 200). */
function pictureOf(
  { yawRad, pitchRad, rollRad }: Pose,
  noise: (k: number) => number = () => 0,
): Points<'image'> {
  const [cy, sy, cp, sp] = [Math.cos(yawRad), Math.sin(yawRad), Math.cos(pitchRad), Math.sin(pitchRad)];
  const flat = meanFaces.ibug68.flatMap(([x, y, z], k) => {
    const [nodX, nodY, nodZ] = [x, cp * y + sp * z, -sp * y + cp * z];
    return [cy * nodX - sy * nodZ + noise(2 * k), nodY + noise(2 * k + 1)];
  });
  const [cr, sr] = [90 * Math.cos(rollRad), 90 * Math.sin(rollRad)];
  return apply({ a: cr, b: sr, c: -sr, d: cr, e: 300, f: 200 }, Float32Array.from(flat));
}

function expectPose(found: Pose | null, wanted: Pose, tolerance: number): void {
  for (const name of ['yawRad', 'pitchRad', 'rollRad'] as const)
    expect(Math.abs(found![name] - wanted[name]), name).toBeLessThan(tolerance);
}

const poses: Pose[] = [-0.9, -0.3, 0, 0.3, 0.9].flatMap((yawRad) =>
  [-0.5, 0, 0.5].flatMap((pitchRad) => [-2, 0, 0.4].map((rollRad) => ({ yawRad, pitchRad, rollRad }))),
);

describe('the pose', () => {
  it('of the turned mean face is how it was turned', () => {
    for (const pose of poses) expectPose(poseOf(pictureOf(pose), scheme), pose, ANGLE_RAD);
  });

  it('bears points that are a little off', () => {
    const noise = (k: number) => 0.02 * Math.SQRT2 * Math.sin(7 * k * k + k);
    for (const pose of poses) expectPose(poseOf(pictureOf(pose, noise), scheme), pose, NOISY_ANGLE_RAD);
  });

  it('looks to the right when the nose does, and up when the nose does', () => {
    const points = pictureOf({ yawRad: 0, pitchRad: 0, rollRad: 0 });
    const [bridge, tip] = [27, 30];
    const moved = (dx: number, dy: number) => {
      const copy = points.slice();
      for (let i = bridge; i <= tip; i++) copy.set([points[2 * i] + dx, points[2 * i + 1] + dy], 2 * i);
      return poseOf(copy, scheme)!;
    };
    expect(moved(15, 0).yawRad).toBeGreaterThan(0.02);
    expect(moved(0, -15).pitchRad).toBeGreaterThan(0.02);
  });

  it('is not told where no mean face is known, or all points are in one place', () => {
    const points = pictureOf(poses[0]);
    expect(poseOf(points, { ...scheme, id: 'other' })).toBeNull();
    expect(poseOf(new Float32Array(136).fill(5), scheme)).toBeNull();
  });
});

describe('measures', () => {
  /** Two eyes 40 px wide and 12 px high, corners first, 100 px from outer corner to outer corner; a mouth 50 by 10. */
  const small: Scheme = {
    ...scheme,
    id: 'small',
    pointCount: 12,
    names: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', ...[1, 2, 3, 4].map((i) => `inner lip ${i}`)],
    normalisingPair: [0, 5],
    eyes: [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ],
  };
  const eye = (x: number) => [x, 0, x + 40, 0, x + 20, -8, x + 20, 4];
  const points: Points<'image'> = Float32Array.of(...eye(0), ...eye(60), 25, 60, 75, 60, 50, 56, 50, 66);

  it('are lengths and shares of lengths, however the face leans', () => {
    for (const rollRad of [0, 0.7, -2.5]) {
      const leaning = apply(cropAffine({ x: 9, y: 4 }, 0.5, 0.5, -rollRad), points);
      const found = measuresOf(leaning as Points<never> as Points<'image'>, small);
      expect(found.interOcularPx).toBeCloseTo(200, 3);
      expect(found.rollRad).toBeCloseTo(rollRad, 5);
      expect(found.eyeOpenings![0]).toBeCloseTo(12 / 40, 5);
      expect(found.eyeOpenings![1]).toBeCloseTo(12 / 40, 5);
      expect(found.mouthOpening).toBeCloseTo(10 / 50, 5);
      expect(found.yawRad).toBeNull();
    }
  });

  it('of a scheme without eyes and lips are not told', () => {
    const tip: Scheme = { ...small, pointCount: 1, names: ['nose tip'], normalisingPair: null, eyes: null };
    expect(measuresOf(Float32Array.of(3, 4), tip)).toEqual({
      interOcularPx: null,
      rollRad: null,
      yawRad: null,
      pitchRad: null,
      eyeOpenings: null,
      mouthOpening: null,
    });
  });

  it('of the 68 points are all told', () => {
    const found = measuresOf(pictureOf({ yawRad: 0.2, pitchRad: -0.1, rollRad: 0.3 }), scheme);
    expect(found.yawRad).toBeCloseTo(0.2, 3);
    expect(found.pitchRad).toBeCloseTo(-0.1, 3);
    // People blink and laugh in the training pictures, so the mean face's eyes and mouth are a little open.
    for (const opening of [...found.eyeOpenings!, found.mouthOpening!]) {
      expect(opening).toBeGreaterThan(0.1);
      expect(opening).toBeLessThan(0.5);
    }
  });
});
