/** Sliding windows: kernels, pools, and padding. */

import type { Call } from './call';
import { formatShape } from './shape';

type Pair = readonly [number, number];

interface Window {
  /** Height and width, dilation counted in, cells. */
  readonly reach: Pair;
  readonly strides: Pair;
  /** Cells added in all to the height and to the width; null: as many as give one output per stride (SAME). */
  readonly margins: Pair | null;
}

/** The window of a node, from its attributes. @param kernel height and width */
export function windowOf(call: Call, kernel: Pair, dilates: boolean): Window {
  const { attributes, fail } = call;
  if (attributes.text('data_format', 'NHWC') !== 'NHWC') throw fail('data_format must be NHWC');
  const strides = middle(call, 'strides');
  const dilations: Pair = dilates ? middle(call, 'dilations') : [1, 1];
  if (kernel.some((size) => size < 1)) throw fail(`a window of ${formatShape(kernel)}`);
  // tfjs does either, not both.
  if (strides.some((step) => step > 1) && dilations.some((step) => step > 1))
    throw fail('cannot have both strides and dilations');
  const reach: Pair = [dilations[0] * (kernel[0] - 1) + 1, dilations[1] * (kernel[1] - 1) + 1];
  return { reach, strides, margins: marginsOf(call, dilates) };
}

/** Height and width of the window's output. */
export function slid(call: Call, size: Pair, { reach, strides, margins }: Window): Pair {
  const along = (axis: 0 | 1) =>
    margins === null
      ? Math.ceil(size[axis] / strides[axis])
      : Math.floor((size[axis] + margins[axis] - reach[axis]) / strides[axis]) + 1;
  const made: Pair = [along(0), along(1)];
  if (made.some((length) => length < 1))
    throw call.fail(`maps of ${formatShape(size)} are smaller than its window of ${formatShape(reach)}`);
  return made;
}

/** The shape with margins. @param margins cells before and after along each axis, one pair after the other */
export function padded(call: Call, shape: readonly number[], margins: readonly number[]): number[] {
  if (margins.some((cells) => cells < 0)) throw call.fail('must have margins of at least 0');
  return shape.map((size, i) => margins[2 * i] + size + margins[2 * i + 1]);
}

function middle({ attributes, fail }: Call, name: string): Pair {
  const steps = attributes.ints(name);
  const fits = steps.length === 4 && steps[0] === 1 && steps[3] === 1 && steps[1] >= 1 && steps[2] >= 1;
  if (!fits) throw fail(`${name} must be 1, height, width, 1`);
  return [steps[1], steps[2]];
}

function marginsOf(call: Call, takesExplicit: boolean): Pair | null {
  const { attributes, fail } = call;
  const padding = attributes.text('padding');
  if (padding === 'VALID') return [0, 0];
  if (padding === 'SAME') return null;
  if (padding !== 'EXPLICIT' || !takesExplicit) throw fail(`padding ${padding} is not known here`);
  const margins = attributes.ints('explicit_paddings');
  const fits = margins.length === 8 && [0, 1, 6, 7].every((i) => margins[i] === 0);
  if (!fits) throw fail('explicit_paddings must be 0, 0, top, bottom, left, right, 0, 0');
  const [height, width] = padded(call, [0, 0], margins.slice(2, 6));
  return [height, width];
}
