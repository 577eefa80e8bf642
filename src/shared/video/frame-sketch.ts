/** What a thumbnail is compared by: how its light is spread, and its fine detail. */

import { THUMBNAIL, type Thumbnail } from './thumbnail';

const BINS = 32;
/** The frame is counted in so many parts across and down: scenes of the same light differ in where it is. */
const GRID = { columns: 4, rows: 3 } as const;
const PARTS = GRID.columns * GRID.rows;
/** A part of which less than this share changed is left out where detail is compared: letterboxes, captions, a wall. */
const MIN_PART_CHANGE = 0.2;
/** Detail is what differs from the mean of so many pixels to each side. */
const BLUR_RADIUS = 2;
/** Standard deviation of grey: a frame with less shows nothing, as between a fade out and a fade in. */
const BLANK_DEVIATION = 6;

/** Shares of the pixels by part of the frame and grey level; they add up to 1. */
export type Histogram = Float32Array;

export interface Sketch {
  readonly histogram: Histogram;
  /** Grey less the mean around it. What moves changes it wholly; of a blend of two frames it is the blend of theirs. */
  readonly detail: Float32Array;
  readonly isBlank: boolean;
}

const { width, height } = THUMBNAIL;
const partOf = Uint8Array.from(
  { length: width * height },
  (_, i) =>
    Math.floor((Math.floor(i / width) * GRID.rows) / height) * GRID.columns +
    Math.floor(((i % width) * GRID.columns) / width),
);

const everywhere = new Uint8Array(width * height).fill(1);

export function sketchOf(thumbnail: Thumbnail): Sketch {
  const mean = thumbnail.reduce((sum, grey) => sum + grey, 0) / thumbnail.length;
  const variance = thumbnail.reduce((sum, grey) => sum + (grey - mean) ** 2, 0) / thumbnail.length;
  return {
    histogram: histogramOf(thumbnail),
    detail: detailOf(thumbnail),
    isBlank: variance < BLANK_DEVIATION ** 2,
  };
}

function histogramOf(thumbnail: Thumbnail): Histogram {
  const histogram = new Float32Array(PARTS * BINS);
  const share = 1 / thumbnail.length;
  for (let i = 0; i < thumbnail.length; i++)
    histogram[partOf[i] * BINS + Math.min(BINS - 1, Math.floor((thumbnail[i] * BINS) / 256))] += share;
  return histogram;
}

function detailOf(thumbnail: Thumbnail): Float32Array {
  const detail = new Float32Array(thumbnail.length);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - BLUR_RADIUS), Math.min(height - 1, y + BLUR_RADIUS)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - BLUR_RADIUS), Math.min(width - 1, x + BLUR_RADIUS)];
      let sum = 0;
      for (let row = top; row <= bottom; row++)
        for (let column = left; column <= right; column++) sum += thumbnail[row * width + column];
      detail[y * width + x] = thumbnail[y * width + x] - sum / ((bottom - top + 1) * (right - left + 1));
    }
  }
  return detail;
}

/**
 * Share of the pixels of each part of the frame that changed part or level, times `PARTS`, 0..1. Neighbouring levels count as
 * the same, so that fading light is no change.
 */
function partChanges(one: Histogram, other: Histogram): number[] {
  return Array.from({ length: PARTS }, (_, part) => {
    // The earth mover's distance along the levels, capped: what moved by one level counts a quarter.
    let carried = 0;
    let moved = 0;
    let differing = 0;
    for (let level = part * BINS; level < (part + 1) * BINS; level++) {
      carried += one[level] - other[level];
      moved += Math.abs(carried);
      differing += Math.abs(one[level] - other[level]) / 2;
    }
    return PARTS * Math.min(differing, moved / 4);
  });
}

/** Share of pixels that changed part or level, 0..1. */
export function changeBetween(one: Sketch, other: Sketch): number {
  return partChanges(one.histogram, other.histogram).reduce((sum, change) => sum + change / PARTS, 0);
}

/** 1 for each pixel of the parts of the frame that changed, else 0. */
export function changedPixels(one: Sketch, other: Sketch): Uint8Array {
  const changes = partChanges(one.histogram, other.histogram);
  return partOf.map((part) => Number(changes[part] >= MIN_PART_CHANGE));
}

export const detailEnergy = ({ detail }: Sketch, where: Uint8Array): number =>
  detail.reduce((sum, value, i) => sum + Number(where[i]) * value ** 2, 0);

/** Correlation of the detail of two frames, −1..1: 0 where they show different things or one shows none. */
export function keptDetail(one: Sketch, other: Sketch, where: Uint8Array = everywhere): number {
  let [both, ofOne, ofOther] = [0, 0, 0];
  for (let i = 0; i < where.length; i++) {
    if (!where[i]) continue;
    both += one.detail[i] * other.detail[i];
    ofOne += one.detail[i] ** 2;
    ofOther += other.detail[i] ** 2;
  }
  return ofOne && ofOther ? both / Math.sqrt(ofOne * ofOther) : 0;
}

export interface Blend {
  /** How much of the second frame there is in it, best fit; 0 is the first alone. */
  readonly share: number;
  /** What no blend of the two explains, in lengths of their difference. */
  readonly residual: number;
}

/** The frame between as a blend of two others, by detail. */
export function blendOf(between: Sketch, from: Sketch, to: Sketch, where: Uint8Array): Blend {
  let [along, length, left] = [0, 0, 0];
  for (let i = 0; i < where.length; i++) {
    if (!where[i]) continue;
    const difference = to.detail[i] - from.detail[i];
    const moved = between.detail[i] - from.detail[i];
    along += moved * difference;
    length += difference ** 2;
    left += moved ** 2;
  }
  if (!length) return { share: 0, residual: Infinity };
  const share = along / length;
  return { share, residual: Math.sqrt(Math.max(0, left / length - share ** 2)) };
}
