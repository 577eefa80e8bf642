import { expect, test } from 'vitest';
import { measureLines } from './measure-labels';

const radians = (degrees: number) => (degrees * Math.PI) / 180;

test('measures are told with their units and directions', () => {
  const lines = measureLines({
    interOcularPx: 123.456,
    yawRad: radians(-12.4),
    pitchRad: radians(3.6),
    rollRad: radians(-0.3),
    eyeOpenings: [0.312, 0],
    mouthOpening: 0,
  });
  expect(lines.map(({ name, words }) => [name, words])).toEqual([
    ['Eye distance', '123.5 px'],
    ['Yaw', '12° to the left'],
    ['Pitch', '4° up'],
    ['Roll', '0°'],
    ['Eyes open', '0.31 and 0.00'],
    ['Mouth open', '0.00'],
  ]);
});

test('what the points of a scheme do not tell is left out', () => {
  const unknown = { yawRad: null, pitchRad: null, eyeOpenings: null, mouthOpening: null };
  const lines = measureLines({ ...unknown, interOcularPx: null, rollRad: radians(90) });
  expect(lines.map(({ name, words }) => [name, words])).toEqual([['Roll', '90° clockwise']]);
});
