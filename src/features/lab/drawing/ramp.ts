/** Colours of maps: from the dark of the stage over green to a pale yellow, lighter and lighter, in both themes the same. */

const STOPS = [
  [16, 22, 26],
  [13, 78, 82],
  [38, 148, 126],
  [132, 206, 138],
  [252, 246, 196],
] as const;

/** RGB of each of the 256 values, one after the other. */
export const ramp = Uint8ClampedArray.from({ length: 256 * 3 }, (_, i) => {
  const place = (Math.floor(i / 3) / 255) * (STOPS.length - 1);
  const from = Math.min(STOPS.length - 2, Math.floor(place));
  const [low, high] = [STOPS[from][i % 3], STOPS[from + 1][i % 3]];
  return low + (high - low) * (place - from);
});

/** The ramp as a CSS gradient, for legends. */
export const rampGradient = `linear-gradient(90deg, ${STOPS.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
