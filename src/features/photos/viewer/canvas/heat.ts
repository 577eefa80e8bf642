/** Heatmaps of a face as a picture to lay over it. Pure. */

import type { Activations } from '../../../../engine/types';

/** Where a map is as likely as this part of its peak, it is drawn as strong as it gets. */
const strongest = 0.85;

/** Red, green, blue at even steps from cold to hot: rising in lightness, so that it reads without colours too. */
const ramp = [
  [38, 12, 92],
  [140, 28, 110],
  [222, 73, 72],
  [251, 162, 36],
  [252, 245, 160],
] as const;

/**
 * Straight RGBA of `width · height` cells; clear where the network expects nothing.
 * @param channel the point whose map is shown; null shows all, each brought to the same height
 */
export function heatPixels(
  { width, height, channels, values }: Activations,
  channel: number | null,
): Uint8ClampedArray<ArrayBuffer> {
  const shown = channel === null ? Array.from({ length: channels }, (_, index) => index) : [channel];
  const heat = new Float32Array(width * height);
  for (const one of shown) {
    let peak = 0;
    for (let cell = 0; cell < heat.length; cell++) peak = Math.max(peak, values[cell * channels + one]);
    if (peak <= 0) continue;
    for (let cell = 0; cell < heat.length; cell++)
      heat[cell] = Math.max(heat[cell], values[cell * channels + one] / peak);
  }
  const pixels = new Uint8ClampedArray(4 * heat.length);
  heat.forEach((value, cell) => pixels.set(colourOf(value), 4 * cell));
  return pixels;
}

/** @param heat 0..1 */
function colourOf(heat: number): [number, number, number, number] {
  const at = Math.min(1, heat) * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(at));
  const mix = (part: 0 | 1 | 2) => ramp[low][part] + (at - low) * (ramp[low + 1][part] - ramp[low][part]);
  // The square root lifts the slopes of a peak, which are what tells how unsure the network is.
  return [mix(0), mix(1), mix(2), 255 * Math.min(strongest, Math.sqrt(heat))];
}
