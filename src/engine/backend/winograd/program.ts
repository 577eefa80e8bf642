/**
 * 3×3 convolutions by Winograd's minimal filtering (Lavin and Gray 2015, arXiv:1509.09308): tiles of the input and the filters
 * are transformed, multiplied as matrices, and transformed back. With outputs of 2×2 that takes 4 multiplications for 9, with
 * those of 4×4 it takes 2.25.
 */

import {
  advance,
  assemble,
  constant,
  get,
  larger,
  load,
  loadSplat,
  minus,
  plus,
  repeat,
  set,
  store,
  times,
  timesPlus,
  type Code,
  type Func,
} from './assembler';

type Matrix = readonly (readonly number[])[];

/** For outputs of 2×2 and 4×4: what transforms input, filter and output, by the paper's names. */
export const TRANSFORMS = {
  2: {
    input: [
      [1, 0, -1, 0],
      [0, 1, 1, 0],
      [0, -1, 1, 0],
      [0, 1, 0, -1],
    ],
    filter: [
      [1, 0, 0],
      [1 / 2, 1 / 2, 1 / 2],
      [1 / 2, -1 / 2, 1 / 2],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 0],
      [0, 1, -1, -1],
    ],
  },
  4: {
    input: [
      [4, 0, -5, 0, 1, 0],
      [0, -4, -4, 1, 1, 0],
      [0, 4, -4, -1, 1, 0],
      [0, -2, -1, 2, 1, 0],
      [0, 2, -1, -2, 1, 0],
      [0, 4, 0, -5, 0, 1],
    ],
    filter: [
      [1 / 4, 0, 0],
      [-1 / 6, -1 / 6, -1 / 6],
      [-1 / 6, 1 / 6, -1 / 6],
      [1 / 24, 1 / 12, 1 / 6],
      [1 / 24, -1 / 12, 1 / 6],
      [0, 0, 1],
    ],
    output: [
      [1, 1, 1, 1, 1, 0],
      [0, 1, -1, 2, -2, 0],
      [0, 1, 1, 4, 4, 0],
      [0, 1, -1, 8, -8, 1],
    ],
  },
} as const satisfies Record<number, Record<'input' | 'filter' | 'output', Matrix>>;

/**
 * A convolution of stride 1 whose output is as large as its input; channels in multiples of 4 and 8. Maps go through one by
 * one, so that a batch of another size needs no other code.
 */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  readonly relu: boolean;
}

/** Tiles that go through the matrix product at once, and filters. */
const ROWS = 4;
const COLUMNS = 8;
const FLOAT = 4;
const LANES = 4;

export interface Plan extends Shape {
  /** Side of a tile of the output. */
  readonly side: 2 | 4;
  /** Numbers in a transformed tile. */
  readonly cells: number;
  /** Tiles, in multiples of `ROWS`. */
  readonly tiles: number;
}

/** Null where the shape does not suit. */
export function planOf(shape: Shape): Plan | null {
  const { height, width, channels, filters } = shape;
  if (channels % LANES || filters % COLUMNS || height % 2 || width % 2) return null;
  const tilesOf = (side: number): number => (height * width) / side ** 2;
  const side = height % 4 === 0 && width % 4 === 0 && tilesOf(4) >= ROWS ? 4 : 2;
  return { ...shape, side, cells: (side + 2) ** 2, tiles: Math.ceil(tilesOf(side) / ROWS) * ROWS };
}

/** Sums of the values by the rows of the matrix. */
function combine(row: readonly number[], values: readonly Code[]): Code {
  const terms = row
    .map((factor, i) => ({ factor, value: values[i] }))
    .filter(({ factor }) => factor !== 0)
    // One that is added goes first.
    .sort((one, other) => Math.sign(other.factor) - Math.sign(one.factor));
  const scaled = ({ factor, value }: (typeof terms)[number]): Code =>
    Math.abs(factor) === 1 ? value : times(value, constant(Math.abs(factor)));
  const [first, ...rest] = terms;
  return rest.reduce<Code>(
    (sum, term) => (term.factor > 0 ? plus(sum, scaled(term)) : minus(sum, scaled(term))),
    first.factor > 0 ? scaled(first) : times(first.value, constant(first.factor)),
  );
}

/**
 * matrix · X · matrixᵀ of a square of vectors. @param vectors number of the first free local; it takes as many as the matrix
 * has columns and cells. @returns code that prepares it, and the results.
 */
function transform(
  matrix: Matrix,
  vectors: number,
  value: (row: number, column: number) => Code,
): { readonly prepare: Code; result(row: number, column: number): Code } {
  const size = matrix[0].length;
  const half = (row: number, column: number): number => vectors + size + row * size + column;
  const indices = Array.from({ length: size }, (_, i) => i);
  const prepare = indices.map((column) => [
    indices.map((row) => set(vectors + row, value(row, column))),
    matrix.map((factors, row) =>
      set(
        half(row, column),
        combine(
          factors,
          indices.map((i) => get(vectors + i)),
        ),
      ),
    ),
  ]);
  return {
    prepare,
    result: (row, column) =>
      combine(
        matrix[column],
        indices.map((i) => get(half(row, i))),
      ),
  };
}

/** filter(from, to): from (3, 3, channels, filters) to (cells, filters / 8, channels, 8). */
function filterFunc({ side, channels, filters }: Plan): Func {
  const [from, to, block, channel, half, vectors] = [0, 1, 2, 3, 4, 5];
  const matrix = TRANSFORMS[side].filter;
  const size = side + 2;
  const rowBytes = filters * FLOAT;
  const { prepare, result } = transform(matrix, vectors, (y, x) =>
    load(from, (y * 3 + x) * channels * rowBytes),
  );
  const results = matrix.flatMap((_, y) =>
    matrix.map((__, x) => store(to, (y * size + x) * channels * rowBytes, result(y, x))),
  );
  const vector = [prepare, results, advance(from, LANES * FLOAT), advance(to, LANES * FLOAT)];
  const row = [repeat(half, COLUMNS / LANES, vector), advance(from, rowBytes - COLUMNS * FLOAT)];
  const blocks = [repeat(channel, channels, row), advance(from, COLUMNS * FLOAT - channels * rowBytes)];
  return {
    name: 'filter',
    params: 2,
    integers: 3,
    vectors: 3 + 3 * size,
    code: repeat(block, filters / COLUMNS, blocks),
  };
}

/** input(from, to): from (height + 2, width + 2, channels) to (cells, tiles, channels). */
function inputFunc(plan: Plan): Func {
  const { side, height, width, channels, tiles } = plan;
  const [from, to, row, column, channel, vectors] = [0, 1, 2, 3, 4, 5];
  const matrix = TRANSFORMS[side].input;
  const size = side + 2;
  const pixelBytes = channels * FLOAT;
  const rowBytes = (width + 2) * pixelBytes;
  const { prepare, result } = transform(matrix, vectors, (y, x) => load(from, y * rowBytes + x * pixelBytes));
  const results = matrix.flatMap((_, y) =>
    matrix.map((__, x) => store(to, (y * size + x) * tiles * pixelBytes, result(y, x))),
  );
  const vector = [prepare, results, advance(from, LANES * FLOAT), advance(to, LANES * FLOAT)];
  const tile = [repeat(channel, channels / LANES, vector), advance(from, (side - 1) * pixelBytes)];
  const line = [repeat(column, width / side, tile), advance(from, side * rowBytes - width * pixelBytes)];
  return {
    name: 'input',
    params: 2,
    integers: 3,
    vectors: size + size * size,
    code: repeat(row, height / side, line),
  };
}

/** product(left, right, to): (cells, tiles, channels) · (cells, filters / 8, channels, 8) to (cells, tiles, filters). */
function productFunc({ cells, tiles, channels, filters }: Plan, fused: boolean): Func {
  const [left, right, to, cell, block, tile, channel] = [0, 1, 2, 3, 4, 5, 6];
  const sumOf = (row: number, half: number): number => 7 + 2 * row + half;
  const [first, second, factor] = [7 + 2 * ROWS, 8 + 2 * ROWS, 9 + 2 * ROWS];
  const leftBytes = channels * FLOAT;
  const rightBytes = channels * COLUMNS * FLOAT;
  const toBytes = filters * FLOAT;
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const step = Array.from({ length: LANES }, (_, i) => [
    set(first, load(right, i * COLUMNS * FLOAT)),
    set(second, load(right, (i * COLUMNS + LANES) * FLOAT)),
    rows.map((row) => [
      set(factor, loadSplat(left, row * leftBytes + i * FLOAT)),
      set(sumOf(row, 0), timesPlus(get(factor), get(first), get(sumOf(row, 0)), fused)),
      set(sumOf(row, 1), timesPlus(get(factor), get(second), get(sumOf(row, 1)), fused)),
    ]),
  ]);
  const multiply = [step, advance(left, LANES * FLOAT), advance(right, LANES * COLUMNS * FLOAT)];
  const tileBlock = [
    rows.map((row) => [set(sumOf(row, 0), constant(0)), set(sumOf(row, 1), constant(0))]),
    repeat(channel, channels / LANES, multiply),
    rows.map((row) => [
      store(to, row * toBytes, get(sumOf(row, 0))),
      store(to, row * toBytes + LANES * FLOAT, get(sumOf(row, 1))),
    ]),
    advance(left, (ROWS - 1) * leftBytes),
    advance(right, -rightBytes),
    advance(to, ROWS * toBytes),
  ];
  const filterBlock = [
    repeat(tile, tiles / ROWS, tileBlock),
    advance(left, -tiles * leftBytes),
    advance(right, rightBytes),
    advance(to, COLUMNS * FLOAT - tiles * toBytes),
  ];
  const oneCell = [
    repeat(block, filters / COLUMNS, filterBlock),
    advance(left, tiles * leftBytes),
    advance(to, (tiles - 1) * toBytes),
  ];
  return {
    name: 'product',
    params: 3,
    integers: 4,
    vectors: 2 * ROWS + 3,
    code: repeat(cell, cells, oneCell),
  };
}

/** output(from, bias, to): (cells, tiles, filters) to (height, width, filters). */
function outputFunc({ side, height, width, filters, tiles, relu }: Plan): Func {
  const [from, bias, to, row, column, filter, vectors] = [0, 1, 2, 3, 4, 5, 6];
  const matrix = TRANSFORMS[side].output;
  const size = side + 2;
  const pixelBytes = filters * FLOAT;
  const { prepare, result } = transform(matrix, vectors, (y, x) =>
    load(from, (y * size + x) * tiles * pixelBytes),
  );
  const results = matrix.flatMap((_, y) =>
    matrix.map((__, x) => {
      const value = plus(result(y, x), load(bias, 0));
      return store(to, (y * width + x) * pixelBytes, relu ? larger(value, constant(0)) : value);
    }),
  );
  const vector = [prepare, results, [from, bias, to].map((local) => advance(local, LANES * FLOAT))];
  const tile = [
    repeat(filter, filters / LANES, vector),
    advance(bias, -pixelBytes),
    advance(to, (side - 1) * pixelBytes),
  ];
  const line = [repeat(column, width / side, tile), advance(to, (side - 1) * width * pixelBytes)];
  return {
    name: 'output',
    params: 3,
    integers: 3,
    vectors: size + side * size,
    code: repeat(row, height / side, line),
  };
}

/** The steps of a convolution of that plan. @param fused whether relaxed SIMD may be used. */
export const assemblePlan = (plan: Plan, fused: boolean): Uint8Array<ArrayBuffer> =>
  assemble([filterFunc(plan), inputFunc(plan), productFunc(plan, fused), outputFunc(plan)]);
