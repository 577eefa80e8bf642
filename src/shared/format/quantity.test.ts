import { expect, test } from 'vitest';
import { formatQuantity } from './quantity';

test.each([
  [0, 'face', '0 faces'],
  [1, 'face', '1 face'],
  [2, 'box without parts', '2 boxes without parts'],
])('%i of %j', (count, noun, wanted) => {
  expect(formatQuantity(count, noun)).toBe(wanted);
});
