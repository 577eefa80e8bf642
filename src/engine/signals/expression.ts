/** Weights of facial movements out of the 68 points: a small network, `expression.json`, which `mien.signals.train` makes. */

import { EngineError } from '../errors';
import { decodeInt8 } from './base64';
import { MEAN_FACE, POINTS } from './face';
import type { OwnPoints } from './own-frame';

/** Of a fully connected layer, by rows; the last column is the bias. */
interface Layer {
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float64Array;
}

interface Network {
  /** ARKit's names of the movements, in the order of the weights. */
  readonly names: readonly string[];
  readonly layers: readonly Layer[];
}

let network: Network | null = null;

/** Fetches the network: a third of the engine's bytes, and wanted only where signals are. @throws EngineError `download-failed` */
export async function loadExpression(): Promise<void> {
  if (network) return;
  const { default: stored } = await import('./expression.json').catch((cause: unknown) => {
    throw new EngineError('download-failed', 'signals: the network of expressions failed to load', { cause });
  });
  const layers = stored.layers.map(({ rows, columns, scales, values }) => {
    const unitWeights = scales.split(' ').map(Number);
    const weights = Float64Array.from(
      decodeInt8(values),
      (unit, i) => unit * unitWeights[Math.floor(i / columns)],
    );
    return { rows, columns, weights };
  });
  network = { names: stored.names, layers };
}

/** ARKit's names of the movements. @throws EngineError where `loadExpression` has not been awaited. */
export const movements = (): readonly string[] => loaded().names;

function loaded(): Network {
  if (!network) throw new EngineError('internal', 'signals: the network of expressions is not loaded');
  return network;
}

/**
 * Call it once `loadExpression` has settled.
 * @param rest the face at rest, and how well that is `known`, 0..1.
 * @returns a weight 0..1 for each of `movements`.
 */
export function expressionOf(
  own: OwnPoints,
  rest: OwnPoints,
  yawDeg: number,
  pitchDeg: number,
  known: number,
): number[] {
  const inputs = new Float64Array(4 * POINTS + 3);
  for (let i = 0; i < POINTS; i++)
    for (let axis = 0; axis < 2; axis++) {
      const at = 3 * i + axis;
      inputs[2 * i + axis] = own[at] - rest[at];
      inputs[2 * (POINTS + i) + axis] = rest[at] - MEAN_FACE.mean[at];
    }
  inputs[4 * POINTS] = Math.sin((yawDeg * Math.PI) / 180);
  inputs[4 * POINTS + 1] = Math.sin((pitchDeg * Math.PI) / 180);
  inputs[4 * POINTS + 2] = known;
  const { layers } = loaded();
  let values: Float64Array = inputs;
  layers.forEach((layer, i) => {
    values = apply(layer, values);
    if (i < layers.length - 1) values = values.map((value) => Math.max(0, value));
  });
  return Array.from(values, (value) => 1 / (1 + Math.exp(-value)));
}

/** Two rows at a time: a sum alone would wait for its last addition, and take half as long again. */
function apply({ rows, columns, weights }: Layer, inputs: Float64Array): Float64Array {
  const outputs = new Float64Array(rows);
  const bias = columns - 1;
  for (let r = 0; r < rows; r += 2) {
    const other = Math.min(r + 1, rows - 1);
    const [from, otherFrom] = [r * columns, other * columns];
    let sum = weights[from + bias];
    let otherSum = weights[otherFrom + bias];
    for (let c = 0; c < bias; c++) {
      const input = inputs[c];
      sum += weights[from + c] * input;
      otherSum += weights[otherFrom + c] * input;
    }
    outputs[r] = sum;
    outputs[other] = otherSum;
  }
  return outputs;
}
