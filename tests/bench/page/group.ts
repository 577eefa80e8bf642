/** A group picture, composed here and handed to the engine. */
import { apply, boxOf, invert } from '../../../src/engine/geometry';
import type { Affine, Box } from '../../../src/engine/types';
import { drawGroup, portraitsOf, type Group } from '../../fixtures/group';
import { engine } from './engine';
import { createCanvas, loadPicture } from './pictures';

export interface GroupSeen {
  /** In px of the group as it was planned. */
  readonly faces: readonly { readonly box: Box<'image'>; readonly score: number }[];
  /** Time of the engine's call, ms. */
  readonly ms: number;
  /** Tensors that the call left behind. */
  readonly leaked: number;
}

/** @param turns clockwise quarter turns of the whole picture. */
export async function detectGroup(group: Group, turns = 0): Promise<GroupSeen> {
  const upright = await composeGroup(group);
  const turn = quarterTurns(upright, turns);
  const canvas = turned(upright, turns, turn);
  const before = (await engine().memory()).tensors;
  const start = performance.now();
  const { faces } = await engine().detect(canvas);
  const ms = performance.now() - start;
  const back = invert(turn);
  const leaked = (await engine().memory()).tensors - before;
  return {
    faces: faces.map(({ points, score }) => ({ box: boxOf(apply(back, points)), score })),
    ms,
    leaked,
  };
}

export interface BrokenOff {
  /** Name of what was thrown, null where nothing was. */
  readonly error: string | null;
  /** From the abort to the answer, ms. */
  readonly ms: number;
  readonly leaked: number;
}

/** Has the search given up `afterMs` after its beginning. */
export async function breakOff(group: Group, afterMs: number): Promise<BrokenOff> {
  const canvas = await composeGroup(group);
  const before = (await engine().memory()).tensors;
  const calling = new AbortController();
  let abortedMs = 0;
  const timer = setTimeout(() => {
    abortedMs = performance.now();
    calling.abort();
  }, afterMs);
  const error = await engine()
    .detect(canvas, { signal: calling.signal })
    .then(
      () => null,
      (thrown: Error) => thrown.name,
    );
  const ms = performance.now() - abortedMs;
  clearTimeout(timer);
  return { error, ms, leaked: (await engine().memory()).tensors - before };
}

/** The group as a JPEG in base64, to look at. */
export async function groupPicture(group: Group): Promise<string> {
  const blob = await (await composeGroup(group)).convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}

async function composeGroup(group: Group): Promise<OffscreenCanvas> {
  const [canvas, context] = createCanvas(group.width, group.height);
  const portraits = new Map<number, ImageBitmap>();
  try {
    for (const portrait of portraitsOf(group))
      portraits.set(portrait, await loadPicture(`pictures/${portrait}`));
    drawGroup(context, group, portraits);
  } finally {
    portraits.forEach((bitmap) => bitmap.close());
  }
  return canvas;
}

/** From px of the picture to px of the picture turned clockwise by so many quarters. */
function quarterTurns({ width, height }: OffscreenCanvas, turns: number): Affine<'image', 'image'> {
  return [
    { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 },
    { a: 0, b: 1, c: -1, d: 0, e: height, f: 0 },
    { a: -1, b: 0, c: 0, d: -1, e: width, f: height },
    { a: 0, b: -1, c: 1, d: 0, e: 0, f: width },
  ][turns];
}

function turned(upright: OffscreenCanvas, turns: number, turn: Affine<'image', 'image'>): OffscreenCanvas {
  if (turns === 0) return upright;
  const { width, height } = upright;
  const [canvas, context] = turns % 2 ? createCanvas(height, width) : createCanvas(width, height);
  context.setTransform(turn.a, turn.b, turn.c, turn.d, turn.e, turn.f);
  context.drawImage(upright, 0, 0);
  return canvas;
}
