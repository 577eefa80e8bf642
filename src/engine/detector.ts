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
import type { Backend } from './backend';
import { createBlazeFace, decode, runGraph, TRAINED_PX, type Detection, type Size } from './blazeface';
import { createCanvas2d, createPainter, type Context2D, type Picture } from './canvas';
import { DETECTOR_PATH } from './detector-files';
import { cropAffine } from './geometry';
import type { ModelFiles } from './model-files';
import type { Affine, Box } from './types';

export type { Detection } from './blazeface';

/** In a frame of a video: a face that scores less is likely to score more a frame later. */
const LOWEST_SCORE = 0.5;

/** A part of a picture, and the size at which the network reads it, in multiples of 16 px. */
export interface Pane extends Size {
  readonly affine: Affine<'image', 'crop'>;
}

export interface Detector {
  /** One look at the whole picture. Largest face first. */
  detect(picture: Picture): Promise<Detection[]>;
  /** One look at a part of it: all that score at least `lowestScore`. */
  look(picture: Picture, pane: Pane, lowestScore: number): Promise<Detection[]>;
  /** What the network makes of nothing, to compile its shaders for looks at whole pictures. */
  dryRun(): Tensor;
  /** Runs the network once on what nobody wants. */
  idle(): Promise<void>;
  dispose(): void;
}

export function createDetector(files: ModelFiles, backend: Backend): Detector {
  const graph = createBlazeFace(files, DETECTOR_PATH);
  const context = createCanvas2d(TRAINED_PX, TRAINED_PX, backend.readsPixels);
  const painter = createPainter(backend.readsPixels);

  async function run(): Promise<Float32Array> {
    const output = tidy(() => runGraph(graph, toInput(backend, context)));
    try {
      return await backend.read(output);
    } finally {
      dispose(output);
    }
  }

  async function look(picture: Picture, pane: Pane, lowestScore: number): Promise<Detection[]> {
    const { affine, width, height } = pane;
    const { canvas } = context;
    // Setting a side to what it is would allocate the canvas anew.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    painter.draw(context, { x: 0, y: 0, width, height }, picture, affine);
    return decode(await run(), pane, affine, lowestScore);
  }

  return {
    look,
    async detect(picture) {
      const found = await look(picture, wholePane(picture), LOWEST_SCORE);
      return found.sort((one, other) => areaOf(other.box) - areaOf(one.box));
    },
    dryRun: () => tidy(() => runGraph(graph, zeros([1, TRAINED_PX, TRAINED_PX, 3]))),
    async idle() {
      await run();
    },
    dispose: () => graph.dispose(),
  };
}

const areaOf = ({ width, height }: Box<'image'>): number => width * height;

/** The whole picture, padded to a square: the network was not trained on stretched faces. */
function wholePane(picture: Size): Pane {
  const centre = { x: picture.width / 2, y: picture.height / 2 };
  const sidePx = Math.max(picture.width, picture.height);
  return { affine: cropAffine(centre, sidePx, sidePx), width: TRAINED_PX, height: TRAINED_PX };
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
