/**
 * BlazeFace (Bazarevsky et al. 2019, arXiv:1907.05047): its graph, and what its numbers mean. It is run and decoded here
 * rather than by `@tensorflow-models/blazeface`, which leaks tensors when anything throws, reads back four times per face and
 * stretches its input; a test holds both to the same boxes.
 *
 * All its layers are convolutions, so it reads any input whose sides are multiples of 16 px, not only the 128×128 it was
 * trained on. On large inputs it finds the faces that are 16 to 100 px wide there.
 */

import { concat, reshape, type Tensor } from '@tensorflow/tfjs-core';
import { applyToPoint, hasSize, invert, overlap, scaleOf, type Point } from '../geometry';
import { createGraph, type Graph } from '../model/graph-model';
import type { ModelFiles } from '../model/model-files';
import type { Affine, Box } from '../types';

/** Side of the input the network was trained on, px. */
export const TRAINED_PX = 128;
/** Numbers per anchor: a logit, the box's centre and size, six key points. */
export const STRIDE = 17;
/** Name, cell size in px, and anchors per cell, of the two output maps. */
const LAYERS = [
  { name: '8', cellPx: 8, perCell: 2 },
  { name: '16', cellPx: 16, perCell: 6 },
] as const;
const OUTPUTS = LAYERS.flatMap(({ name }) =>
  ['classificator', 'regressor'].map((head) => `StatefulPartitionedCall/model/${head}_${name}/BiasAdd`),
);
/** Boxes that share more than this are one face. */
const SAME_FACE_OVERLAP = 0.3;

export interface Detection {
  readonly box: Box<'image'>;
  /** Centres of the eyes, the one on the left of the face standing upright first. */
  readonly eyes: readonly [Point, Point];
  /** 0..1; these weights give whole upright faces 0.75 to 0.95. */
  readonly score: number;
}

/** Width and height of an input, px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The network, for inputs of any size. */
export function createBlazeFace(files: ModelFiles, path: string): Graph {
  return createGraph(withOpenInput(files, path), path);
}

/** The file fixes the input's size, and nothing else in the graph up to the outputs does. */
function withOpenInput(files: ModelFiles, path: string): ModelFiles {
  const json = JSON.parse(new TextDecoder().decode(files.get(path)));
  const [input] = json.modelTopology.node.filter(({ op }: { op: string }) => op === 'Placeholder');
  input.attr.shape.shape.dim = [-1, -1, -1, 3].map((size) => ({ size }));
  const { buffer } = new TextEncoder().encode(JSON.stringify(json));
  return new Map([...files, [path, buffer]]);
}

/** (1, height, width, 3) in −1..1 to (anchors, 17). Call it in a tidy. */
export function runGraph(graph: Graph, input: Tensor): Tensor {
  const maps = graph.execute(input, OUTPUTS) as Tensor[];
  const layers = LAYERS.map((_, i) => {
    const [logits, regressions] = [maps[2 * i], maps[2 * i + 1]];
    return concat([reshape(logits, [-1, 1]), reshape(regressions, [-1, STRIDE - 1])], 1);
  });
  return concat(layers, 0);
}

/** Centres of the anchors in px of the input, x0, y0, x1, y1, …. */
function createAnchors({ width, height }: Size): Float32Array {
  const anchors: number[] = [];
  for (const { cellPx, perCell } of LAYERS) {
    for (let y = cellPx / 2; y < height; y += cellPx) {
      for (let x = cellPx / 2; x < width; x += cellPx) {
        for (let i = 0; i < perCell; i++) anchors.push(x, y);
      }
    }
  }
  return Float32Array.from(anchors);
}

/** One anchor's numbers, in px of the input: the box's centre and size, then the eyes. */
interface Candidate {
  readonly score: number;
  readonly box: Box<'view'>;
  readonly values: readonly number[];
}

/**
 * @param output (anchors, 17), flat. @param size of the input. @param affine with which it was drawn.
 * @returns one detection per face, those that score at least `minScore`; boxes without size are left out.
 */
export function decode(
  output: Float32Array,
  size: Size,
  affine: Affine<'image', 'crop'>,
  minScore: number,
): Detection[] {
  const anchors = createAnchors(size);
  const candidates: Candidate[] = [];
  for (let i = 0; i < anchors.length / 2; i++) {
    const at = i * STRIDE;
    const score = 1 / (1 + Math.exp(-output[at]));
    if (score >= minScore)
      candidates.push(readCandidate(output, at, score, anchors[2 * i], anchors[2 * i + 1]));
  }
  const back = invert(affine);
  return suppress(candidates.filter(({ values, box }) => values.every(Number.isFinite) && hasSize(box))).map(
    (candidate) => toDetection(candidate, size, back),
  );
}

function readCandidate(
  output: Float32Array,
  at: number,
  score: number,
  anchorX: number,
  anchorY: number,
): Candidate {
  const x = output[at + 1] + anchorX;
  const y = output[at + 2] + anchorY;
  const width = output[at + 3];
  const height = output[at + 4];
  const eyes = [5, 6, 7, 8].map((k) => output[at + k] + (k % 2 ? anchorX : anchorY));
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

function toDetection({ score, values }: Candidate, size: Size, back: Affine<'crop', 'image'>): Detection {
  const [x, y, width, height, leftX, leftY, rightX, rightY] = values;
  const onImage = (inputX: number, inputY: number): Point =>
    applyToPoint(back, { x: inputX / size.width, y: inputY / size.height });
  const scale = scaleOf(back) / Math.sqrt(size.width * size.height);
  const centre = onImage(x, y);
  const box = {
    x: centre.x - (width * scale) / 2,
    y: centre.y - (height * scale) / 2,
    width: width * scale,
    height: height * scale,
  };
  return { box, eyes: [onImage(leftX, leftY), onImage(rightX, rightY)], score };
}
