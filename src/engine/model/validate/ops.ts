/**
 * The ops that a model from outside may use, each with the output shape for given inputs: those that `training` exports,
 * and the plain forms of its fused ones. All of them run on every backend.
 */

import { axisOf, ofRank, take, valuesOf, type Call, type Outcome } from './call';
import { padded, slid, windowOf } from './sliding';
import { floats, ints, formatShape, sizeOf } from './shape';

type Op = (call: Call) => Outcome;

const unary: Op = (call) => floats(take(call, 1)[0].shape);

/** As numpy broadcasts. */
const binary: Op = (call) => {
  const [one, other] = take(call, 2).map(({ shape }) => shape);
  const rank = Math.max(one.length, other.length);
  const sizeAt = (shape: readonly number[], i: number) => shape[i - rank + shape.length] ?? 1;
  const shape = Array.from({ length: rank }, (_, i) => {
    const [a, b] = [sizeAt(one, i), sizeAt(other, i)];
    if (a !== b && a !== 1 && b !== 1)
      throw call.fail(`${formatShape(one)} and ${formatShape(other)} do not fit together`);
    return Math.max(a, b);
  });
  return floats(shape);
};

const reduce: Op = (call) => {
  const [{ shape }] = take(call, 2, [1]);
  const axes = new Set(valuesOf(call, 1).map((axis) => axisOf(call, axis, shape.length)));
  const keeps = call.attributes.flag('keep_dims', false);
  const reduced = shape.flatMap((size, i) => (!axes.has(i) ? [size] : keeps ? [1] : []));
  return { ...floats(reduced), work: sizeOf(shape) };
};

function withBias(call: Call, index: number, channels: number): void {
  const [bias] = ofRank(call, index, 1);
  if (bias !== channels) throw call.fail(`its bias has ${bias} values for ${channels} channels`);
}

/** Checks `fused_ops` and returns how many inputs come with them. */
function fused(call: Call, isFused: boolean): number {
  if (!isFused) return 0;
  const [first, second, ...rest] = call.attributes.texts('fused_ops');
  const fits = first === 'BiasAdd' && (second === undefined || second === 'Relu') && rest.length === 0;
  if (!fits) throw call.fail('fused_ops must be BiasAdd, or BiasAdd and Relu');
  if (call.attributes.int('num_args') !== 1) throw call.fail('num_args must be 1');
  return 1;
}

const convolution =
  (isFused: boolean, isDepthwise: boolean): Op =>
  (call) => {
    const extra = fused(call, isFused);
    take(call, 2 + extra);
    const [batch, height, width, depth] = ofRank(call, 0, 4);
    const [kernelHeight, kernelWidth, from, to] = ofRank(call, 1, 4);
    if (from !== depth) throw call.fail(`its kernel reads ${from} channels, there are ${depth}`);
    const channels = isDepthwise ? from * to : to;
    if (extra) withBias(call, 2, channels);
    const window = windowOf(call, [kernelHeight, kernelWidth], true);
    const [outHeight, outWidth] = slid(call, [height, width], window);
    const shape = [batch, outHeight, outWidth, channels];
    return { ...floats(shape), work: sizeOf(shape) * kernelHeight * kernelWidth * (isDepthwise ? 1 : from) };
  };

/** Conv2DBackpropInput: the shape of its output, the kernel (height, width, out, in), the source. */
const transposedConvolution: Op = (call) => {
  take(call, 3, [0]);
  const wanted = valuesOf(call, 0, 4);
  const [kernelHeight, kernelWidth, to, from] = ofRank(call, 1, 4);
  const source = ofRank(call, 2, 4);
  const window = windowOf(call, [kernelHeight, kernelWidth], true);
  const back = [wanted[0], ...slid(call, [wanted[1], wanted[2]], window), from];
  if (back.some((size, i) => size !== source[i]) || wanted[3] !== to)
    throw call.fail(`${formatShape(source)} does not become ${formatShape(wanted)}`);
  return { ...floats(wanted), work: sizeOf(source) * kernelHeight * kernelWidth * to };
};

const pool: Op = (call) => {
  take(call, 1);
  const [batch, height, width, depth] = ofRank(call, 0, 4);
  const ksize = call.attributes.ints('ksize');
  if (ksize.length !== 4 || ksize[0] !== 1 || ksize[3] !== 1)
    throw call.fail('ksize must be 1, height, width, 1');
  const [kernelHeight, kernelWidth] = [ksize[1], ksize[2]];
  const window = windowOf(call, [kernelHeight, kernelWidth], false);
  const shape = [batch, ...slid(call, [height, width], window), depth];
  return { ...floats(shape), work: sizeOf(shape) * kernelHeight * kernelWidth };
};

const matrixProduct =
  (isFused: boolean): Op =>
  (call) => {
    const extra = fused(call, isFused);
    take(call, 2 + extra);
    const turned = (index: number, flag: string) => {
      const shape = ofRank(call, index, 2);
      return call.attributes.flag(flag, false) ? [shape[1], shape[0]] : shape;
    };
    const [rows, inner] = turned(0, 'transpose_a');
    const [read, columns] = turned(1, 'transpose_b');
    if (inner !== read) throw call.fail(`its matrix reads ${read} values, there are ${inner}`);
    if (extra) withBias(call, 2, columns);
    return { ...floats([rows, columns]), work: rows * inner * columns };
  };

const pad =
  (hasValue: boolean): Op =>
  (call) => {
    const [{ shape }] = take(call, hasValue ? 3 : 2, [1]);
    if (hasValue && sizeOf(call.inputs[2].shape) !== 1) throw call.fail('input 3 must be one value');
    return floats(padded(call, shape, valuesOf(call, 1, 2 * shape.length)));
  };

const reshape: Op = (call) => {
  const { inputs, fail } = call;
  if (inputs.length !== 2) throw fail(`takes 2 inputs, has ${inputs.length}`);
  const wanted = valuesOf(call, 1);
  const size = sizeOf(inputs[0].shape);
  const open = wanted.filter((value) => value === -1).length;
  const known = sizeOf(wanted.filter((value) => value !== -1));
  const misfit = fail(`${formatShape(inputs[0].shape)} cannot become ${formatShape(wanted)}`);
  if (wanted.some((value) => value < -1 || value === 0) || open > 1) throw misfit;
  if (open === 1 ? size % known !== 0 : known !== size) throw misfit;
  return { ...inputs[0], shape: wanted.map((value) => (value === -1 ? size / known : value)) };
};

const concat: Op = (call) => {
  const { inputs, fail } = call;
  const parts = inputs.slice(0, -1);
  if (parts.length < 1) throw fail('has nothing to concatenate');
  const [first] = parts;
  const [value] = valuesOf(call, inputs.length - 1, 1);
  const axis = axisOf(call, value, first.shape.length);
  for (const { shape, dtype } of parts) {
    const fits =
      shape.length === first.shape.length && shape.every((size, i) => i === axis || size === first.shape[i]);
    if (!fits || dtype !== first.dtype)
      throw fail(`${formatShape(first.shape)} and ${formatShape(shape)} do not fit together`);
  }
  const length = parts.reduce((sum, { shape }) => sum + shape[axis], 0);
  const shape = first.shape.map((size, i) => (i === axis ? length : size));
  const known = shape.length === 1 && parts.every((part) => part.ints !== null);
  return { ...first, shape, ints: known ? parts.flatMap((part) => part.ints ?? []) : null };
};

const gather: Op = (call) => {
  const [{ shape }, indices] = take(call, 3, [1, 2]);
  const [value] = valuesOf(call, 2, 1);
  const axis = axisOf(call, value, shape.length);
  const places = valuesOf(call, 1, sizeOf(indices.shape));
  if (places.some((place) => place < 0 || place >= shape[axis]))
    throw call.fail(`has indices beyond ${shape[axis]}`);
  if (call.attributes.int('batch_dims', 0) !== 0) throw call.fail('batch_dims must be 0');
  return floats([...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)]);
};

const transpose: Op = (call) => {
  const [{ shape }] = take(call, 2, [1]);
  const order = valuesOf(call, 1, shape.length);
  const isOrder = [...order].sort((a, b) => a - b).every((axis, i) => axis === i);
  if (!isOrder) throw call.fail(`${formatShape(order)} does not order ${shape.length} dimensions`);
  return floats(order.map((axis) => shape[axis]));
};

const resize: Op = (call) => {
  take(call, 2, [1]);
  const [batch, , , depth] = ofRank(call, 0, 4);
  const sizes = valuesOf(call, 1, 2);
  if (sizes.some((size) => size < 1)) throw call.fail(`cannot make maps of ${formatShape(sizes)}`);
  return { ...floats([batch, ...sizes, depth]), work: 4 * batch * depth * sizeOf(sizes) };
};

const biasAdd: Op = (call) => {
  const [{ shape }] = take(call, 2);
  withBias(call, 1, shape.at(-1) ?? 0);
  return floats(shape);
};

const shapeOf: Op = (call) => {
  const [{ shape }] = take(call, 1);
  return ints([shape.length], shape);
};

const MASKS = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];

/** A slice of a list of sizes. */
const stridedSlice: Op = (call) => {
  take(call, 4, [0, 1, 2, 3]);
  ofRank(call, 0, 1);
  if (MASKS.some((mask) => call.attributes.int(mask, 0) !== 0)) throw call.fail('must have no masks');
  const [[from], [to], [step]] = [1, 2, 3].map((index) => valuesOf(call, index, 1));
  const slice = step === 1 && from >= 0 && to > from ? valuesOf(call, 0).slice(from, to) : [];
  if (slice.length === 0) throw call.fail('must take a slice with step 1');
  return ints([slice.length], slice);
};

const identity: Op = ({ inputs, fail }) => {
  if (inputs.length !== 1) throw fail(`takes 1 input, has ${inputs.length}`);
  return inputs[0];
};

export const OPS: ReadonlyMap<string, Op> = new Map([
  ...['Relu', 'LeakyRelu', 'Sigmoid', 'Exp', 'Softmax'].map((name) => [name, unary] as const),
  ...['AddV2', 'Sub', 'Mul', 'RealDiv'].map((name) => [name, binary] as const),
  ...['Mean', 'Sum', 'Max'].map((name) => [name, reduce] as const),
  ['Identity', identity],
  ['BiasAdd', biasAdd],
  ['Conv2D', convolution(false, false)],
  ['_FusedConv2D', convolution(true, false)],
  ['DepthwiseConv2dNative', convolution(false, true)],
  ['FusedDepthwiseConv2dNative', convolution(true, true)],
  ['Conv2DBackpropInput', transposedConvolution],
  ['MaxPool', pool],
  ['AvgPool', pool],
  ['MatMul', matrixProduct(false)],
  ['_FusedMatMul', matrixProduct(true)],
  ['Pad', pad(false)],
  ['PadV2', pad(true)],
  ['Reshape', reshape],
  ['ConcatV2', concat],
  ['GatherV2', gather],
  ['Transpose', transpose],
  ['ResizeBilinear', resize],
  ['ResizeNearestNeighbor', resize],
  ['Shape', shapeOf],
  ['StridedSlice', stridedSlice],
]);
