import { expect, it } from 'vitest';
import { overlaySize } from './index';

it.each([
  ['a photo keeps its size', [4000, 3000], [4000, 3000]],
  ['a large one has 16 megapixels', [8192, 8192], [4096, 4096]],
  ['a panorama of few megapixels is no longer than a canvas may be', [20_000, 800], [16_384, 655]],
  ['the longest has a height', [32_768, 1], [16_384, 1]],
] as const)('with its overlay %s', (_, [width, height], [w, h]) => {
  expect(overlaySize({ width, height })).toEqual({ width: w, height: h });
});
