/** tfjs' kernel of 3×3 convolutions on WebAssembly, with a faster one for the filters of our own networks. */

import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  FusedConv2D,
  getKernel,
  registerKernel,
  unregisterKernel,
  type FusedConv2DAttrs,
  type FusedConv2DInputs,
  type KernelFunc,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { createArena, type Arena, type Layer } from './arena';
import { planOf } from './program';

/** Filters that the faster kernel takes, until their tensors are gone. */
const known = new WeakMap<object, { readonly arena: Arena; layer: Layer | null }>();
let replaced = false;

/**
 * Has the faster kernel take the convolutions by these weights from now on. They must never change. What else runs on tfjs'
 * backend is not touched.
 */
export function quickenConvolutions(weights: readonly Tensor[]): void {
  if (!replaced) replaceKernel();
  replaced = true;
  const arena = createArena();
  for (const { shape, dataId } of weights)
    if (shape.length === 4 && shape[0] === 3 && shape[1] === 3) known.set(dataId, { arena, layer: null });
}

function replaceKernel(): void {
  const config = getKernel(FusedConv2D, 'wasm');
  unregisterKernel(FusedConv2D, 'wasm');
  const kernelFunc: KernelFunc = (call) => convolve(call as unknown as Call) ?? config.kernelFunc(call);
  registerKernel({ ...config, kernelFunc });
}

interface Call {
  readonly inputs: FusedConv2DInputs;
  readonly attrs: FusedConv2DAttrs;
  readonly backend: BackendWasm;
}

const isOne = (value: number | readonly number[]): boolean => [value].flat().every((one) => one === 1);

/** Of a filter of 3×3: by name, or by the pixels that are added before and after each axis. */
const keepsSize = (pad: FusedConv2DAttrs['pad']): boolean =>
  pad === 'same' || (typeof pad === 'object' && pad.flat().join() === '0,0,1,1,1,1,0,0');

/** Null where it is none for the faster kernel. */
function convolve({ inputs: { x, filter, bias }, attrs, backend }: Call): TensorInfo | null {
  const entry = known.get(filter.dataId);
  if (!entry || x.shape.length !== 4) return null;
  const { strides, pad, dilations, dataFormat, activation } = attrs;
  if (!isOne(strides) || !isOne(dilations) || !keepsSize(pad) || dataFormat !== 'NHWC') return null;
  if (activation !== 'linear' && activation !== 'relu') return null;
  const [batch, height, width, channels] = x.shape;
  const filters = filter.shape[3];
  const valuesOf = (tensor: TensorInfo) => backend.typedArrayFromHeap(tensor) as Float32Array;
  const plan = planOf({ height, width, channels, filters, relu: activation === 'relu' });
  if (!plan || !entry.arena.takes(plan)) return null;
  entry.layer ??= entry.arena.createLayer(valuesOf(filter).slice(), bias ? valuesOf(bias).slice() : null);
  const out = backend.makeOutput([batch, height, width, filters], 'float32');
  entry.layer.run(valuesOf(x), plan, valuesOf(out));
  return out;
}
