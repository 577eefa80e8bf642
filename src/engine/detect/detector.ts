/** Where faces are: parts of a picture drawn for BlazeFace, and its answer in image px. */

import {
  browser,
  dispose,
  expandDims,
  mul,
  sub,
  tensor4d,
  tidy,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Backend } from '../backend/select';
import { LIVE_SCORE } from './acceptance';
import { createBlazeFace, decode, runGraph, TRAINED_PX, type Detection, type Size } from './blazeface';
import { createCanvas2d, createPainter, type Context2D, type Picture } from '../landmark/crop';
import { selfTestImage } from '../landmark/self-test';
import type { ModelFiles } from '../model/model-files';
import { answersOf } from './self-test';
import { closeTilesOf, wholeTile, type Tile } from './tiles';

export type { Detection } from './blazeface';

/** Tiles of one look from closer: it takes so many times as long as a look at the whole. */
const CLOSE_TILES = 2;

/** What one look from closer found. */
export interface CloserLook {
  readonly detections: readonly Detection[];
  /** Whether it was the last of those that cover the picture. */
  readonly isLast: boolean;
}

export interface Detector {
  /** One pass over the whole picture. Largest face first. */
  detect(picture: Picture): Promise<Detection[]>;
  /**
   * Two passes over parts of it from closer, for faces too small in the whole. @param look counts up from 0; the parts take turns
   * by it. Largest face first.
   */
  detectCloser(picture: Picture, look: number): Promise<CloserLook>;
  /** One pass over a part of it: all that score at least `minScore`. */
  detectTile(picture: Picture, tile: Tile, minScore: number): Promise<Detection[]>;
  /** The network's output for an empty input, to compile its shaders for live frames. */
  dryRun(): Tensor;
  /** Runs the network once, in its trained size, on the drawing of the self-test. @returns its answers, see `answersOf`. */
  selfTestAnswers(): Promise<Float32Array>;
  dispose(): void;
}

/** @param path of the graph among the files. */
export function createDetector(files: ModelFiles, path: string, backend: Backend): Detector {
  const graph = createBlazeFace(files, path);
  const context = createCanvas2d(TRAINED_PX, TRAINED_PX, backend.readsPixels);
  const painter = createPainter(backend.readsPixels, 'black');

  async function run(): Promise<Float32Array> {
    const output = tidy(() => runGraph(graph, toInput(backend, context)));
    try {
      return await backend.read(output);
    } finally {
      dispose(output);
    }
  }

  function resize({ width, height }: Size): void {
    const { canvas } = context;
    // Setting a side, even to its present value, reallocates the canvas.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }

  async function detectTile(picture: Picture, tile: Tile, minScore: number): Promise<Detection[]> {
    const { affine, width, height } = tile;
    resize(tile);
    painter.draw(context, { x: 0, y: 0, width, height }, picture, affine);
    return decode(await run(), tile, affine, minScore);
  }

  return {
    detectTile,
    async detect(picture) {
      const found = await detectTile(picture, wholeTile(picture), LIVE_SCORE);
      return found.sort(largestFirst);
    },
    async detectCloser(picture, look) {
      const tiles = closeTilesOf(picture);
      const looks = Math.ceil(tiles.length / CLOSE_TILES);
      const from = CLOSE_TILES * (look % looks);
      const found: Detection[] = [];
      for (const tile of tiles.slice(from, from + CLOSE_TILES))
        found.push(...(await detectTile(picture, tile, LIVE_SCORE)));
      return { detections: found.sort(largestFirst), isLast: look % looks === looks - 1 };
    },
    dryRun: () => tidy(() => runGraph(graph, zeros([1, TRAINED_PX, TRAINED_PX, 3]))),
    async selfTestAnswers() {
      resize({ width: TRAINED_PX, height: TRAINED_PX });
      context.putImageData(selfTestImage(TRAINED_PX, TRAINED_PX), 0, 0);
      return answersOf(await run());
    },
    dispose: () => graph.dispose(),
  };
}

function largestFirst(one: Detection, other: Detection): number {
  const area = ({ box: { width, height } }: Detection): number => width * height;
  return area(other) - area(one);
}

/** (1, height, width, 3) in −1..1. */
function toInput(backend: Backend, context: Context2D): Tensor {
  const { canvas } = context;
  const { width, height } = canvas;
  if (!backend.readsPixels) {
    const pixels = browser.fromPixels(canvas as HTMLCanvasElement);
    return expandDims(sub(mul(pixels, 1 / 127.5), 1));
  }
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Float32Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    values[to++] = data[from] / 127.5 - 1;
    values[to++] = data[from + 1] / 127.5 - 1;
    values[to++] = data[from + 2] / 127.5 - 1;
  }
  return tensor4d(values, [1, height, width, 3]);
}
