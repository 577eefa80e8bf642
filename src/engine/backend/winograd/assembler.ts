/** Just enough of the WebAssembly binary format to write loops over vectors of four floats. */

/** Bytes of code, nested as it was put together. */
export type Code = readonly (number | Code)[];

const LOOP = 0x03;
const END = 0x0b;
const BR_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const I32_CONST = 0x41;
const I32_LT_U = 0x49;
const I32_ADD = 0x6a;
/** Types. */
const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;
const FUNCTION = 0x60;
/** Prefix of vector instructions. */
const VECTOR = 0xfd;

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...unsigned(Math.floor(value / 128))];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

const vector = (code: number): Code => [VECTOR, unsigned(code)];
/** Alignment, which is but a hint, and offset. */
const at = (offset: number): Code => [2, unsigned(offset)];

export const get = (local: number): Code => [LOCAL_GET, unsigned(local)];
export const set = (local: number, value: Code): Code => [value, LOCAL_SET, unsigned(local)];
/** Moves a pointer on. */
export const advance = (local: number, bytes: number): Code =>
  bytes === 0 ? [] : set(local, [get(local), I32_CONST, signed(bytes), I32_ADD]);

/** The body, `times` over. */
export const repeat = (counter: number, times: number, body: Code): Code => [
  set(counter, [I32_CONST, 0]),
  [LOOP, VOID, body, advance(counter, 1)],
  [get(counter), I32_CONST, signed(times), I32_LT_U, BR_IF, 0, END],
];

export const load = (pointer: number, offset: number): Code => [get(pointer), vector(0), at(offset)];
/** One float in all four lanes. */
export const loadSplat = (pointer: number, offset: number): Code => [get(pointer), vector(9), at(offset)];
export const store = (pointer: number, offset: number, value: Code): Code => [
  [get(pointer), value],
  [vector(11), at(offset)],
];
export const constant = (value: number): Code => {
  const bytes = new Uint8Array(Float32Array.of(value).buffer);
  return [vector(12), [0, 1, 2, 3].map(() => [...bytes])];
};
export const plus = (a: Code, b: Code): Code => [a, b, vector(228)];
export const minus = (a: Code, b: Code): Code => [a, b, vector(229)];
export const times = (a: Code, b: Code): Code => [a, b, vector(230)];
/** The larger one; NaN where `a` is. */
export const larger = (a: Code, b: Code): Code => [a, b, vector(235)];
/** a · b + c. @param fused in one instruction of relaxed SIMD, which rounds once where the processor can. */
export const timesPlus = (a: Code, b: Code, c: Code, fused: boolean): Code =>
  fused ? [a, b, c, vector(0x105)] : plus(c, times(a, b));

export interface Func {
  readonly name: string;
  /** How many numbers it takes; they are the first locals. */
  readonly params: number;
  /** Integers, then vectors, come after them. */
  readonly integers: number;
  readonly vectors: number;
  readonly code: Code;
}

const counted = (items: readonly Code[]): Code => [unsigned(items.length), items];
const text = (value: string): Code => counted([...new TextEncoder().encode(value)].map((byte) => [byte]));
const section = (id: number, items: readonly Code[]): Code => {
  const bytes = flatten(counted(items));
  return [id, unsigned(bytes.length), bytes];
};
function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const add = (part: Code): void => {
    for (const item of part) {
      if (typeof item === 'number') bytes.push(item);
      else add(item);
    }
  };
  add(code);
  return bytes;
}

/** A module that takes its memory as `env.memory` and exports these functions. */
export function assemble(functions: readonly Func[]): Uint8Array<ArrayBuffer> {
  const bodies = functions.map(({ integers, vectors, code }) => {
    const locals = counted([
      [unsigned(integers), I32],
      [unsigned(vectors), V128],
    ]);
    const body = flatten([locals, code, END]);
    return [unsigned(body.length), body];
  });
  return Uint8Array.from(
    flatten([
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(
        1,
        functions.map(({ params }) => [FUNCTION, counted(Array.from({ length: params }, () => [I32])), 0]),
      ),
      section(2, [[text('env'), text('memory'), 2, 0, 1]]),
      section(
        3,
        functions.map((_, i) => unsigned(i)),
      ),
      section(
        7,
        functions.map(({ name }, i) => [text(name), 0, unsigned(i)]),
      ),
      section(10, bodies),
    ]),
  );
}
