/** One node of a graph as its op reads it. */

import type { Attributes } from './attributes';
import { formatShape, type Shaped } from './shape';

/** One node of the graph with its inputs. Each function here throws an error that names the node where something does not fit. */
export interface Call {
  readonly inputs: readonly Shaped[];
  readonly attributes: Attributes;
  fail(message: string): Error;
}

export interface Outcome extends Shaped {
  /** Multiply-adds, or operations that take as long; where missing, the number of values. */
  readonly work?: number;
}

/** The inputs: exactly `count`, all floats except those at `whole`, which are integers. */
export function take(call: Call, count: number, whole: readonly number[] = []): readonly Shaped[] {
  const { inputs, fail } = call;
  if (inputs.length !== count) throw fail(`takes ${count} inputs, has ${inputs.length}`);
  inputs.forEach(({ dtype }, i) => {
    const wanted = whole.includes(i) ? 'int' : 'float';
    if (dtype !== wanted) throw fail(`input ${i + 1} must be of ${wanted}s`);
  });
  return inputs;
}

/** The integers of an input, which must be constants. */
export function valuesOf(call: Call, index: number, count?: number): readonly number[] {
  const values = call.inputs[index].ints;
  if (!values) throw call.fail(`input ${index + 1} must be a constant`);
  if (count !== undefined && values.length !== count)
    throw call.fail(`input ${index + 1} must have ${count} values, has ${values.length}`);
  return values;
}

export function ofRank(call: Call, index: number, rank: number): readonly number[] {
  const { shape } = call.inputs[index];
  if (shape.length !== rank)
    throw call.fail(`input ${index + 1} must have ${rank} dimensions, is ${formatShape(shape)}`);
  return shape;
}

/** An axis counted from either end. */
export function axisOf(call: Call, axis: number, rank: number): number {
  if (axis < -rank || axis >= rank) throw call.fail(`axis ${axis} of ${rank} dimensions`);
  return axis < 0 ? axis + rank : axis;
}
