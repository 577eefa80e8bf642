/**
 * Tells cuts by grey histograms: a frame begins a shot where its histogram is unlike that of the frame before, and far more so
 * than those of the last frames were, so that a fast pan or a flicker is not taken for one (twin-comparison after Zhang,
 * Kankanhalli and Smoliar 1993, without the search for dissolves).
 */

import type { Context2D, FilmPicture } from './types';

const BINS = 32;
/** Size of the picture that is counted, px. */
const SAMPLE = { width: 64, height: 36 } as const;
/** The frame is counted in so many parts across and down: scenes of the same light differ in where it is. */
const GRID = { columns: 4, rows: 3 } as const;
/** Share of pixels that changed their bin, 0..1. At a hard cut it is 0.5 and more, within a shot mostly below 0.1. */
const MIN_CHANGE = 0.35;
/** Times the mean change of the last frames. */
const MIN_RATIO = 3;
const RECENT = 8;

export type Histogram = Float32Array;

/** Shares of the pixels by part of the frame and grey level; they add up to 1. @param rgba row by row, 4 bytes a pixel */
export function histogramOf(rgba: Uint8ClampedArray, width: number, height: number): Histogram {
  const histogram = new Float32Array(GRID.columns * GRID.rows * BINS);
  const share = 1 / (width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * GRID.rows) / height);
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const grey = 0.299 * rgba[at] + 0.587 * rgba[at + 1] + 0.114 * rgba[at + 2];
      const part = row * GRID.columns + Math.floor((x * GRID.columns) / width);
      histogram[part * BINS + Math.min(BINS - 1, Math.floor((grey * BINS) / 256))] += share;
    }
  }
  return histogram;
}

/** Share of pixels that changed part or level, 0..1; neighbouring levels count as the same, so that fading light is no change. */
export function changeBetween(one: Histogram, other: Histogram): number {
  let change = 0;
  for (let part = 0; part < one.length; part += BINS) {
    // The earth mover's distance along the levels, capped: what moved by one level counts a quarter.
    let carried = 0;
    let moved = 0;
    let differing = 0;
    for (let level = part; level < part + BINS; level++) {
      carried += one[level] - other[level];
      moved += Math.abs(carried);
      differing += Math.abs(one[level] - other[level]) / 2;
    }
    change += Math.min(differing, moved / 4);
  }
  return change;
}

export interface ShotDetector {
  /** Whether this frame begins another shot. The first of all does not. */
  isCut(histogram: Histogram): boolean;
}

export function createShotDetector(): ShotDetector {
  let last: Histogram | null = null;
  let recent: number[] = [];
  return {
    isCut(histogram) {
      const change = last ? changeBetween(last, histogram) : 0;
      const usual = recent.length ? recent.reduce((sum, value) => sum + value, 0) / recent.length : 0;
      const isCut = last !== null && change >= MIN_CHANGE && change >= MIN_RATIO * usual;
      last = histogram;
      recent = isCut ? [] : [...recent.slice(1 - RECENT), change];
      return isCut;
    },
  };
}

/** Counts the levels of a frame. @throws where the browser gives no 2D canvas */
export function createHistogramMaker(): (picture: FilmPicture) => Histogram {
  const canvas = new OffscreenCanvas(SAMPLE.width, SAMPLE.height);
  const context: Context2D | null = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('films: this browser gives no 2D canvas');
  return (picture) => {
    picture.draw(context, SAMPLE.width, SAMPLE.height);
    const { data } = context.getImageData(0, 0, SAMPLE.width, SAMPLE.height);
    return histogramOf(data, SAMPLE.width, SAMPLE.height);
  };
}
