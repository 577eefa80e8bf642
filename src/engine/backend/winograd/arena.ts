/** Runs Winograd convolutions in a WebAssembly memory of their own, which goes with the last reference to it. */

import { assemble, constant, set, timesPlus } from './assembler';
import { assemblePlan, type Plan } from './program';

const PAGE_BYTES = 65_536;
const FLOAT = 4;
/** Floats in a line of the cache, which everything begins at. */
const LINE = 16;

interface Steps {
  filter(from: number, to: number): void;
  input(from: number, to: number): void;
  product(left: number, right: number, to: number): void;
  output(from: number, bias: number, to: number): void;
}

/** One convolution's filters and biases. */
export interface Layer {
  /** Of a plan that the arena takes. @param values (N, height, width, channels), flat, of any N. @param to receives (N, height, width, filters). */
  run(values: Float32Array, plan: Plan, to: Float32Array): void;
}

export interface Arena {
  /** Whether it can be run here: older browsers compile only small modules on the page's own thread. */
  takes(plan: Plan): boolean;
  /** @param filters (3, 3, channels, filters), flat. */
  createLayer(filters: Float32Array, biases: Float32Array | null): Layer;
}

let fused: boolean | null = null;
/** Whether there is relaxed SIMD, with its fused multiplication and addition. */
function canFuse(): boolean {
  const code = set(0, timesPlus(constant(1), constant(1), constant(1), true));
  return (fused ??= WebAssembly.validate(
    assemble([{ name: 'probe', params: 0, integers: 0, vectors: 1, code }]),
  ));
}

export function createArena(): Arena {
  const memory = new WebAssembly.Memory({ initial: 1 });
  let end = 0;
  /** What lies there holds from one call to the next step of it only. */
  let scratch = { from: 0, floats: 0 };
  /** By plan; null where the browser does not compile it. */
  const steps = new Map<string, Steps | null>();

  /** @returns where it begins, bytes. */
  function allocate(floats: number): number {
    const from = end;
    end += Math.ceil(floats / LINE) * LINE * FLOAT;
    const more = end - memory.buffer.byteLength;
    if (more > 0) memory.grow(Math.ceil(more / PAGE_BYTES));
    return from;
  }

  const floatsAt = (from: number, length: number) => new Float32Array(memory.buffer, from, length);

  function stepsOf(plan: Plan): Steps | null {
    const key = JSON.stringify(plan);
    let found = steps.get(key);
    if (found === undefined) {
      found = compile(plan);
      steps.set(key, found);
    }
    return found;
  }

  function compile(plan: Plan): Steps | null {
    try {
      const module = new WebAssembly.Module(assemblePlan(plan, canFuse()));
      return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Steps;
    } catch (thrown) {
      if (thrown instanceof RangeError) return null;
      throw thrown;
    }
  }

  /** Places for so many floats each, which hold until the next call. */
  function borrow(...lengths: number[]): number[] {
    const rounded = lengths.map((floats) => Math.ceil(floats / LINE) * LINE);
    const floats = rounded.reduce((sum, length) => sum + length, 0);
    if (floats > scratch.floats) scratch = { from: allocate(floats), floats };
    let from = scratch.from;
    return rounded.map((length) => (from += FLOAT * length) - FLOAT * length);
  }

  /** Copies maps with a border of zeros. */
  function pad(values: Float32Array, { height, width, channels }: Plan, from: number): void {
    const padded = floatsAt(from, (height + 2) * (width + 2) * channels).fill(0);
    const row = width * channels;
    for (let y = 0; y < height; y++)
      padded.set(values.subarray(y * row, (y + 1) * row), ((y + 1) * (width + 2) + 1) * channels);
  }

  return {
    takes: (plan) => stepsOf(plan) !== null,
    createLayer(filterValues, biasValues) {
      /** By the side of a tile. */
      const transformed = new Map<number, { filters: number; biases: number }>();

      function weightsOf(plan: Plan, { filter }: Steps) {
        let found = transformed.get(plan.side);
        if (!found) {
          const { cells, channels, filters } = plan;
          found = { filters: allocate(cells * channels * filters), biases: allocate(filters) };
          const [from] = borrow(filterValues.length);
          floatsAt(from, filterValues.length).set(filterValues);
          filter(from, found.filters);
          floatsAt(found.biases, filters).set(biasValues ?? []);
          transformed.set(plan.side, found);
        }
        return found;
      }

      return {
        run(values, plan, to) {
          const compiled = stepsOf(plan)!;
          const weights = weightsOf(plan, compiled);
          const { height, width, channels, filters, cells, tiles } = plan;
          const [read, written] = [height * width * channels, height * width * filters];
          const [padded, left, products, result] = borrow(
            (height + 2) * (width + 2) * channels,
            cells * tiles * channels,
            cells * tiles * filters,
            written,
          );
          for (let n = 0; n < values.length / read; n++) {
            pad(values.subarray(n * read, (n + 1) * read), plan, padded);
            compiled.input(padded, left);
            compiled.product(left, weights.filters, products);
            compiled.output(products, weights.biases, result);
            to.set(floatsAt(result, written), n * written);
          }
        },
      };
    },
  };
}
