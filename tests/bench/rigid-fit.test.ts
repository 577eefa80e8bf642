import { describe, expect, it } from 'vitest';
import meanFaces from '../../training/mien/mean-face-3d.json';
import { fitRigid } from './rigid-fit';

const solid = meanFaces.ibug68;
const MAX_OFF_DEG = 5;
const sin = (deg: number): number => Math.sin((deg * Math.PI) / 180);
const cos = (deg: number): number => Math.cos((deg * Math.PI) / 180);

/** The mean face turned by pitch, then yaw, then roll, on a picture, with errors of up to `noisePx` on 100 px a unit. */
function project(yaw: number, pitch: number, roll: number, noisePx = 0): Float32Array {
  return Float32Array.from(
    solid.flatMap(([x, y, z], k) => {
      const [y1, z1] = [cos(pitch) * y + sin(pitch) * z, -sin(pitch) * y + cos(pitch) * z];
      const x1 = cos(yaw) * x - sin(yaw) * z1;
      const noise = [noisePx * sin(97 * k), noisePx * cos(61 * k)];
      return [
        300 + 100 * (cos(roll) * x1 - sin(roll) * y1) + noise[0],
        200 + 100 * (sin(roll) * x1 + cos(roll) * y1) + noise[1],
      ];
    }),
  );
}

/** Half of the face, as a set of profiles labels it: the jaw from the ear to the chin, brow, eye, nose, half of the mouth. */
const profile = new Set([
  ...[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 17, 19, 21, 27, 28, 29, 30, 31, 33, 36, 37, 38, 39, 40, 41, 48, 51, 57, 60, 62,
    66,
  ],
]);

describe('rigid fit', () => {
  it.each([-85, -70, -45, -20, 0, 20, 45, 70, 85])('gives back a yaw of %i degrees', (yaw) => {
    for (const pitch of [-20, 0, 20])
      for (const roll of [-60, 0, 35]) {
        const fit = fitRigid(project(yaw, pitch, roll, 2), solid);
        expect(Math.abs(fit!.yawDeg - yaw)).toBeLessThan(MAX_OFF_DEG);
      }
  });

  it.each([-85, -70, -45, 45, 70, 85])('of half the points too, at %i degrees', (yaw) => {
    for (const roll of [-20, 0, 20]) {
      const points = project(yaw, 5, roll, 1);
      for (let k = 0; k < solid.length; k++) if (!profile.has(k)) points.fill(NaN, 2 * k, 2 * k + 2);
      const fit = fitRigid(points, solid);
      expect(Math.abs(fit!.yawDeg - yaw)).toBeLessThan(MAX_OFF_DEG);
    }
  });

  it('says where missing points would lie', () => {
    const whole = project(30, 0, 10);
    const partial = Float32Array.from(whole);
    partial.fill(NaN, 0, 20);
    const { laid, residualPx } = fitRigid(partial, solid)!;
    expect(residualPx).toBeLessThan(0.5);
    for (let i = 0; i < 20; i++) expect(Math.abs(laid[i] - whole[i])).toBeLessThan(2);
  });

  it('needs six points', () => {
    const points = project(0, 0, 0);
    points.fill(NaN, 10);
    expect(fitRigid(points, solid)).toBeNull();
  });
});
