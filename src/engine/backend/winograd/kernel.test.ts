import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { quickenConvolutions } from './kernel';

/** Of outputs of about 10. */
const TOLERANCE = 1e-4;
/** How the exporter writes the border that keeps the size. */
const BORDER: [[number, number], [number, number], [number, number], [number, number]] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

type Call = readonly ['linear' | 'relu', strides: number, 'same' | typeof BORDER];

beforeAll(async () => {
  setWasmPaths(dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))) + '/');
  expect(await tf.setBackend('wasm')).toBe(true);
});

it('gives what the kernel of tfjs gives, and takes the filters that it was told alone', () => {
  const x = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 12], 0, 1, 'float32', 1);
  const filter = tf.randomNormal<tf.Rank.R4>([3, 3, 12, 16], 0, 1, 'float32', 2);
  const bias = tf.randomNormal<tf.Rank.R1>([16], 0, 1, 'float32', 3);
  const run = ([activation, strides, pad]: Call) =>
    tf.tidy(() => tf.fused.conv2d({ x, filter, bias, strides, pad, activation }).dataSync());
  const calls: readonly Call[] = [
    ['linear', 1, 'same'],
    ['relu', 1, BORDER],
    ['relu', 2, BORDER],
  ];
  const wanted = calls.map((call) => run(call));
  quickenConvolutions([]);
  expect(run(calls[1])).toEqual(wanted[1]);

  quickenConvolutions([filter, bias]);
  const tensors = tf.memory().numTensors;
  calls.forEach((call, i) => {
    const found = run(call);
    found.forEach((value, at) => expect(Math.abs(value - wanted[i][at])).toBeLessThan(TOLERANCE));
  });
  expect(tf.memory().numTensors).toBe(tensors);
  const isExact = calls.map((call, i) => run(call).every((value, at) => value === wanted[i][at]));
  // Rounded otherwise where the faster kernel ran; that of stride 2 is tfjs' own.
  expect(isExact).toEqual([false, false, true]);
});
