import { describe, expect, test } from 'vitest';
import { makeFace, makeSignals } from '../../../tests/fixtures/signals';
import { axesOf } from './axes';

/** Px of the image. */
const PX = 3;

const endsOf = (doing: Parameters<typeof makeSignals>[0]) => {
  const found = axesOf(makeFace(makeSignals(doing)))!;
  return Object.fromEntries(found.axes.map(({ name, x, y }) => [name, { x: x - found.x, y: y - found.y }]));
};

describe('the axes of a head', () => {
  test('begin at the nose; one goes up, one to the own left, one to the viewer, who sees only its end', () => {
    const { left, up, forward } = endsOf({});
    expect(left.x).toBeGreaterThan(50);
    expect(up.y).toBeLessThan(-50);
    expect(Math.hypot(forward.x, forward.y)).toBeLessThan(PX);
  });

  test('the one to the viewer points to where the face looks', () => {
    expect(endsOf({ yawDeg: 40 }).forward.x).toBeGreaterThan(30);
    expect(endsOf({ yawDeg: -40 }).forward.x).toBeLessThan(-30);
  });

  test('off the middle of the picture, a head that looks along the camera is seen from its side', () => {
    expect(endsOf({ place: [30, 0, -60] }).forward.x).toBeGreaterThan(20);
  });

  test('what is nearer is drawn over what is farther', () => {
    const { axes } = axesOf(makeFace(makeSignals({ yawDeg: 40 })))!;
    expect(axes.map(({ name }) => name)).toEqual(['left', 'up', 'forward']);
  });

  test('are not there without signals', () => {
    expect(axesOf(makeFace(undefined))).toBeNull();
  });
});
