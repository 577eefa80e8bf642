import { afterEach, describe, expect, it, vi } from 'vitest';
import { createArena } from './arena';
import { planOf, type Shape } from './program';

/** Of the largest value, for sums of a thousand float32 products. */
const TOLERANCE = 2e-5;

/** Repeatable numbers in −1..1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

type Batch = Shape & { readonly batch?: number };

/** The convolution as it is defined. */
function convolve(
  values: Float32Array,
  filterValues: Float32Array,
  biases: Float32Array | null,
  { batch = 1, height, width, channels, filters, relu }: Batch,
): Float32Array {
  const out = new Float32Array(batch * height * width * filters);
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let filter = 0; filter < filters; filter++) {
          let sum = biases?.[filter] ?? 0;
          for (let i = 0; i < 3; i++)
            for (let j = 0; j < 3; j++) {
              const [row, column] = [y + i - 1, x + j - 1];
              if (row < 0 || column < 0 || row >= height || column >= width) continue;
              for (let channel = 0; channel < channels; channel++)
                sum +=
                  values[((n * height + row) * width + column) * channels + channel] *
                  filterValues[((i * 3 + j) * channels + channel) * filters + filter];
            }
          out[((n * height + y) * width + x) * filters + filter] = relu ? Math.max(0, sum) : sum;
        }
  return out;
}

const shape = (part: Partial<Batch>): Batch & { batch: number } => ({
  batch: 1,
  height: 8,
  width: 8,
  channels: 8,
  filters: 16,
  relu: false,
  ...part,
});

function runBoth(of: Batch & { batch: number }, withBias = true) {
  const random = createRandom(of.height + of.channels);
  const fill = (length: number) => Float32Array.from({ length }, random);
  const values = fill(of.batch * of.height * of.width * of.channels);
  const filters = fill(9 * of.channels * of.filters);
  const biases = withBias ? fill(of.filters) : null;
  const found = new Float32Array(of.batch * of.height * of.width * of.filters);
  const layer = createArena().createLayer(filters, biases);
  layer.run(values, planOf(of)!, found);
  return { found, wanted: convolve(values, filters, biases, of), again: { layer, values, biases, filters } };
}

function farthest(found: Float32Array, wanted: Float32Array): number {
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0) / largest;
}

afterEach(() => vi.unstubAllGlobals());

describe('a convolution by Winograd', () => {
  it.each([
    shape({}),
    shape({ relu: true }),
    shape({ height: 4, width: 4, channels: 192, filters: 24 }),
    shape({ height: 6, width: 10, channels: 4, filters: 8 }),
    shape({ height: 2, width: 2 }),
    shape({ height: 16, width: 8, channels: 12, batch: 3 }),
    shape({ height: 4, width: 4, batch: 5 }),
  ])('is the convolution: $batch × $height × $width, $channels to $filters channels', (of) => {
    const { found, wanted } = runBoth(of);
    expect(farthest(found, wanted)).toBeLessThan(TOLERANCE);
  });

  it('does without biases', () => {
    const { found, wanted } = runBoth(shape({}), false);
    expect(farthest(found, wanted)).toBeLessThan(TOLERANCE);
  });

  it('goes on with other batches and after larger ones', () => {
    const { again } = runBoth(shape({}));
    for (const batch of [4, 1, 2]) {
      const of = shape({ batch });
      const values = Float32Array.from({ length: batch * again.values.length }, createRandom(batch));
      const found = new Float32Array(batch * 64 * of.filters);
      again.layer.run(values, planOf(of)!, found);
      expect(farthest(found, convolve(values, again.filters, again.biases, of))).toBeLessThan(TOLERANCE);
    }
  });

  it.each([shape({ channels: 6 }), shape({ filters: 12 }), shape({ height: 7 })])(
    'leaves other shapes alone',
    (of) => {
      expect(planOf(of)).toBeNull();
    },
  );

  it('hands on what is no number', () => {
    const of = shape({ relu: true });
    const { again } = runBoth(of);
    const found = new Float32Array(64 * of.filters);
    again.layer.run(
      again.values.map((value, i) => (i === 0 ? Number.NaN : value)),
      planOf(of)!,
      found,
    );
    expect(found.some(Number.isNaN)).toBe(true);
  });

  it.each([
    [RangeError, 'WebAssembly.Compile is disallowed on the main thread'],
    [TypeError, 'something else'],
  ])('is left to tfjs where only small modules are compiled: %o', (Thrown, message) => {
    const Module = function () {
      throw new Thrown(message);
    };
    vi.stubGlobal('WebAssembly', { Memory: WebAssembly.Memory, validate: WebAssembly.validate, Module });
    const takes = () => createArena().takes(planOf(shape({}))!);
    if (Thrown === RangeError) expect(takes()).toBe(false);
    else expect(takes).toThrow(message);
  });
});
