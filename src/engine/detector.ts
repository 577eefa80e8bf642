/**
 * BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047): where the faces are. The graph is run and decoded here rather
 * than by `@tensorflow-models/blazeface`, which leaks tensors when anything throws, reads back four times per face and
 * stretches its input; a test holds both to the same boxes.
 */

import {
  browser,
  dispose,
  expandDims,
  mul,
  squeeze,
  sub,
  tensor4d,
  tidy,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Backend } from './backend';
import { createCanvas2d, createPainter, type Picture } from './canvas';
import { createGraph, type Graph, type ModelFiles } from './model';
import { applyToPlace, cropAffine, invert, overlap, scaleOf, type Place } from './geometry';
import type { Affine, Box } from './types';

const FOLDER = 'blazeface';
export const DETECTOR_PATH = `${FOLDER}/facemesh-detection-short.json`;
/** As in `static/models/blazeface/README.md`. */
export const DETECTOR_FILES = [
  {
    path: DETECTOR_PATH,
    bytes: 72779,
    sha256: '39a0a802cee9aeacd430e35b819f3a77f1440ca94747388a4147185a0bda7a03',
  },
  {
    path: `${FOLDER}/facemesh-detection-short.bin`,
    bytes: 201268,
    sha256: 'e9b69ee1c1f8cd33c58120bcd75bf8c56bfba20c880f447e9d293ec102059d4b',
  },
] as const;

/** Side of the network's input, px. */
const SIZE = 128;
/** Numbers per anchor: a logit, the box's centre and size, six key points. */
const STRIDE = 17;
/** Cell size in px, and anchors per cell, of the two output maps. */
const ANCHOR_LAYERS = [
  { cellPx: 8, perCell: 2 },
  { cellPx: 16, perCell: 6 },
] as const;
const ANCHORS = createAnchors();
/** These weights score true faces 0.8 to 0.9. */
const LOWEST_SCORE = 0.5;
/** Boxes that share more than this are one face. */
const SAME_FACE_OVERLAP = 0.3;

export interface Detection {
  readonly box: Box<'image'>;
  /** Centres of the eyes, the one on the left of the picture first. */
  readonly eyes: readonly [Place, Place];
  /** 0..1 */
  readonly score: number;
}

export interface Detector {
  /** Largest face first. */
  detect(picture: Picture): Promise<Detection[]>;
  /** Compiles and runs the network once. */
  warmUp(): Promise<void>;
  dispose(): void;
}

export function createDetector(files: ModelFiles, backend: Backend): Detector {
  const graph = createGraph(files, DETECTOR_PATH);
  const context = createCanvas2d(SIZE, SIZE, backend.readsPixels);
  const painter = createPainter(backend.readsPixels);

  async function run(): Promise<Float32Array> {
    const output = tidy(() => runGraph(graph, toInput(backend, context)));
    try {
      return await backend.read(output);
    } finally {
      dispose(output);
    }
  }

  return {
    async detect(picture) {
      const affine = squareAround(picture);
      painter.draw(context, { x: 0, y: 0, width: SIZE, height: SIZE }, picture, affine);
      return decode(await run(), affine);
    },
    async warmUp() {
      await backend.compile(() => tidy(() => runGraph(graph, zeros([1, SIZE, SIZE, 3]))));
      await run();
    },
    dispose: () => graph.dispose(),
  };
}

/** (1, 128, 128, 3) to (896, 17). */
export function runGraph(graph: Graph, input: Tensor): Tensor {
  return squeeze(graph.execute(input) as Tensor, [0]);
}

/** The whole picture, padded to a square: the network was not trained on stretched faces. */
function squareAround(picture: Picture): Affine<'image', 'crop'> {
  const centre = { x: picture.width / 2, y: picture.height / 2 };
  const sidePx = Math.max(picture.width, picture.height);
  return cropAffine(centre, sidePx, sidePx);
}

/** (1, 128, 128, 3) in −1..1. */
function toInput(backend: Backend, context: ReturnType<typeof createCanvas2d>): Tensor {
  if (!backend.readsPixels) {
    const pixels = browser.fromPixels(context.canvas as HTMLCanvasElement);
    return expandDims(sub(mul(pixels, 1 / 127.5), 1));
  }
  const { data } = context.getImageData(0, 0, SIZE, SIZE);
  const values = new Float32Array(SIZE * SIZE * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    values[to++] = data[from] / 127.5 - 1;
    values[to++] = data[from + 1] / 127.5 - 1;
    values[to++] = data[from + 2] / 127.5 - 1;
  }
  return tensor4d(values, [1, SIZE, SIZE, 3]);
}

/** Centres of the anchors in px of the input, x0, y0, x1, y1, …. */
function createAnchors(): Float32Array {
  const anchors: number[] = [];
  for (const { cellPx, perCell } of ANCHOR_LAYERS) {
    for (let y = cellPx / 2; y < SIZE; y += cellPx) {
      for (let x = cellPx / 2; x < SIZE; x += cellPx) {
        for (let i = 0; i < perCell; i++) anchors.push(x, y);
      }
    }
  }
  return Float32Array.from(anchors);
}

/** One anchor's numbers, in px of the input: left, top, right, bottom, then the eyes. */
interface Candidate {
  readonly score: number;
  readonly box: Box<'crop'>;
  readonly values: readonly number[];
}

/** @param output (896, 17), flat. */
export function decode(output: Float32Array, affine: Affine<'image', 'crop'>): Detection[] {
  const candidates: Candidate[] = [];
  for (let i = 0; i < ANCHORS.length / 2; i++) {
    const at = i * STRIDE;
    const score = 1 / (1 + Math.exp(-output[at]));
    if (score >= LOWEST_SCORE)
      candidates.push(readCandidate(output, at, score, ANCHORS[2 * i], ANCHORS[2 * i + 1]));
  }
  const back = invert(affine);
  return suppress(candidates)
    .map((candidate) => toDetection(candidate, back))
    .sort((one, other) => other.box.width * other.box.height - one.box.width * one.box.height);
}

function readCandidate(
  output: Float32Array,
  at: number,
  score: number,
  anchorX: number,
  anchorY: number,
): Candidate {
  const x = (output[at + 1] + anchorX) / SIZE;
  const y = (output[at + 2] + anchorY) / SIZE;
  const width = output[at + 3] / SIZE;
  const height = output[at + 4] / SIZE;
  const eyes = [5, 6, 7, 8].map((k) => (output[at + k] + (k % 2 ? anchorX : anchorY)) / SIZE);
  return {
    score,
    box: { x: x - width / 2, y: y - height / 2, width, height },
    values: [x, y, width, height, ...eyes],
  };
}

/** Non-maximum suppression that blends what it merges, weighted by score (section 4 of the paper): boxes tremble less. */
function suppress(candidates: Candidate[]): Candidate[] {
  let rest = candidates.toSorted((one, other) => other.score - one.score);
  const kept: Candidate[] = [];
  while (rest.length > 0) {
    const best = rest[0];
    const same = rest.filter((other) => other === best || overlap(best.box, other.box) > SAME_FACE_OVERLAP);
    rest = rest.filter((other) => !same.includes(other));
    kept.push(blend(best, same));
  }
  return kept;
}

function blend(best: Candidate, same: readonly Candidate[]): Candidate {
  const weight = same.reduce((sum, other) => sum + other.score, 0);
  const values = best.values.map(
    (_, k) => same.reduce((sum, other) => sum + other.score * other.values[k], 0) / weight,
  );
  const [x, y, width, height] = values;
  return { score: best.score, box: { x: x - width / 2, y: y - height / 2, width, height }, values };
}

function toDetection({ score, values }: Candidate, back: Affine<'crop', 'image'>): Detection {
  const [x, y, width, height, leftX, leftY, rightX, rightY] = values;
  const centre = applyToPlace(back, { x, y });
  const scale = scaleOf(back);
  const box = {
    x: centre.x - (width * scale) / 2,
    y: centre.y - (height * scale) / 2,
    width: width * scale,
    height: height * scale,
  };
  return {
    box,
    eyes: [applyToPlace(back, { x: leftX, y: leftY }), applyToPlace(back, { x: rightX, y: rightY })],
    score,
  };
}
