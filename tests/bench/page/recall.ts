/** One picture under one condition: what the detector proposes, what a search of the picture finds, what a camera would find. */
import { levelsOf, tilesOf } from '../../../src/engine/detect/tiles';
import { largerSide } from '../../../src/engine/geometry';
import type { Affine, Box, Face } from '../../../src/engine/types';
import { drawCondition, planCondition, type Condition, type Staging } from '../../fixtures/conditions';
import { drawGroup, portraitsOf, type Group } from '../../fixtures/group';
import { quantile } from '../quantile';
import { engine } from './engine';
import { stageNetworks } from './networks';
import { createCanvas, loadPicture } from './pictures';

/** A box, and how sure the detector or the engine is of it. */
export interface Scored {
  readonly box: Box<'image'>;
  readonly score: number;
}

/** A face, its points x0, y0, x1, y1, …, and the median of their spread, in larger sides of its box. */
export interface FoundFace extends Scored {
  readonly points: readonly number[];
  readonly spread: number | null;
}

export interface Looks {
  /** All in px of what was shown. */
  readonly face: Box<'image'>;
  /** From px of the picture. */
  readonly placed: Affine<'image', 'image'>;
  /** The detector alone, upright, on every tile of the search for photos and on the whole as live frames are. */
  readonly proposals: readonly Scored[];
  readonly liveProposals: readonly Scored[];
  /** `detect`. */
  readonly found: readonly FoundFace[];
  readonly foundMs: number;
  /** `track`, frame by frame of a still held before the camera; each frame's time in ms. */
  readonly tracked: readonly (readonly FoundFace[])[];
  readonly frameMs: readonly number[];
}

/** So many frames a still is held before the camera. */
const FRAMES = 6;
const FRAME_MS = 33;
/** What scores less is never of use. */
const LOWEST_SCORE = 0.1;

async function lookAt(canvas: OffscreenCanvas): Promise<Omit<Looks, 'face' | 'placed'>> {
  const { detector, backend } = stageNetworks();
  await backend.use();
  const size = { width: canvas.width, height: canvas.height };
  const propose = async (levels: readonly number[]): Promise<Scored[]> => {
    const found: Scored[] = [];
    for (const tile of levels.flatMap((levelPx) => tilesOf(size, levelPx, 0)))
      found.push(...(await detector.detectTile(canvas, tile, LOWEST_SCORE)));
    return found.map(({ box, score }) => ({ box, score }));
  };
  const levels = levelsOf(size);
  const [proposals, liveProposals] = [await propose(levels), await propose(levels.slice(0, 1))];
  const start = performance.now();
  const { faces } = await engine().detect(canvas);
  const foundMs = performance.now() - start;
  await engine().reset();
  const tracked: FoundFace[][] = [];
  const frameMs: number[] = [];
  for (let frame = 0; frame < FRAMES; frame++) {
    const result = await engine().track(await createImageBitmap(canvas), frame * FRAME_MS);
    tracked.push((result?.faces ?? []).map(toFound));
    frameMs.push(result?.timings.totalMs ?? NaN);
  }
  return { proposals, liveProposals, found: faces.map(toFound), foundMs, tracked, frameMs };
}

const toFound = ({ box, score, points, spread }: Face): FoundFace => {
  const median = spread && quantile([...spread], 0.5) / largerSide(box);
  return { box: { ...box }, score, points: [...points], spread: median };
};

/** @param points true ones, all of them, px of the picture. */
export async function lookForFace(
  url: string,
  condition: Condition,
  points: readonly number[],
  index: number,
): Promise<Looks> {
  const picture = await loadPicture(url);
  try {
    const staging = planCondition(condition, picture, Float32Array.from(points), index);
    const { face, placed } = staging;
    return { face, placed, ...(await lookAt(stage(picture, staging))) };
  } finally {
    picture.close();
  }
}

function stage(picture: ImageBitmap, staging: Staging): OffscreenCanvas {
  const [canvas, context] = createCanvas(staging.width, staging.height);
  drawCondition(context, picture, staging);
  return canvas;
}

/** A composed picture without a face. */
export async function lookForNone(group: Group): Promise<Omit<Looks, 'face' | 'placed'>> {
  const [canvas, context] = createCanvas(group.width, group.height);
  const portraits = new Map<number, ImageBitmap>();
  try {
    for (const portrait of portraitsOf(group))
      portraits.set(portrait, await loadPicture(`pictures/${portrait}`));
    drawGroup(context, group, portraits);
    return await lookAt(canvas);
  } finally {
    portraits.forEach((bitmap) => bitmap.close());
  }
}
