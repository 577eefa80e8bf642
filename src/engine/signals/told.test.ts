import { expect, it } from 'vitest';
import { names } from './expression.json';
import { lookWeights } from './look-weights';
import { toldWeights } from './told';

it('the weights that are said to be told are those of the network and of gaze, in their order', () => {
  const ahead = { yawDeg: 0, pitchDeg: 0 };
  expect(toldWeights).toEqual([...names, ...Object.keys(lookWeights({ left: ahead, right: ahead }))]);
});
