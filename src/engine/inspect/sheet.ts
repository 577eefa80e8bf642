/** The maps of one node as pictures, and what is told of each. All functions are pure. */

import type { Sheet } from './types';

/**
 * @param values row by row, all channels of a cell side by side, as tfjs has them
 * @param shape (1, height, width, channels)
 * @param isHeatmap whether each channel is a share of 1 over its cells, so that it has an expectation
 */
export function sheetOf(
  node: string,
  values: Float32Array,
  shape: readonly number[],
  isHeatmap: boolean,
): Sheet {
  const [, height, width, channels] = shape;
  const count = width * height;
  const lows = new Float32Array(channels).fill(Infinity);
  const highs = new Float32Array(channels).fill(-Infinity);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let at = 0, cell = 0; cell < count; cell++) {
    for (let channel = 0; channel < channels; channel++, at++) {
      const value = values[at];
      if (value < lows[channel]) lows[channel] = value;
      if (value > highs[channel]) highs[channel] = value;
      sums[channel] += value;
      squares[channel] += value * value;
    }
  }
  const cells = new Uint8Array(count * channels);
  const variances = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const mean = sums[channel] / count;
    variances[channel] = Math.max(0, squares[channel] / count - mean * mean);
    const low = lows[channel];
    const range = highs[channel] - low;
    const scale = range > 0 ? 255 / range : 0;
    const start = channel * count;
    for (let cell = 0, at = channel; cell < count; cell++, at += channels)
      cells[start + cell] = Math.round((values[at] - low) * scale);
  }
  const moments = isHeatmap ? momentsOf(values, width, height, channels) : null;
  return { node, width, height, channels, cells, variances, lows, highs, moments };
}

/** x, y, deviation of each channel, in crop units; cells count by their centres. */
function momentsOf(values: Float32Array, width: number, height: number, channels: number): Float32Array {
  const moments = new Float32Array(3 * channels);
  for (let channel = 0; channel < channels; channel++) {
    let [sum, x, y, xx, yy] = [0, 0, 0, 0, 0];
    for (let row = 0, at = channel; row < height; row++) {
      const v = (row + 0.5) / height;
      for (let column = 0; column < width; column++, at += channels) {
        const u = (column + 0.5) / width;
        const share = values[at];
        sum += share;
        x += share * u;
        y += share * v;
        xx += share * u * u;
        yy += share * v * v;
      }
    }
    const [meanX, meanY] = [x / sum, y / sum];
    const variance = xx / sum - meanX * meanX + yy / sum - meanY * meanY;
    moments.set([meanX, meanY, Math.sqrt(Math.max(0, variance))], 3 * channel);
  }
  return moments;
}
