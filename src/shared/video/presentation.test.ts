import { expect, it } from 'vitest';
import { presentedMs } from './presentation';

it('frames before the start of a trimmed film are none of its own, but for a time that was rounded', () => {
  expect([-1300, -8, -1.5].map(presentedMs)).toEqual([null, null, null]);
  expect([-1, -0.4, 0, 33.4, 5000].map(presentedMs)).toEqual([0, 0, 0, 33.4, 5000]);
});
