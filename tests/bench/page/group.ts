/** A group picture, composed here and handed to the engine. */
import type { Box, DetectOptions } from '../../../src/engine/types';
import { drawGroup, type Group } from '../../fixtures/group';
import { engine } from './engine';
import { createCanvas, loadPicture } from './pictures';

export interface GroupSeen {
  readonly faces: readonly { readonly box: Box<'image'>; readonly score: number }[];
  /** Time of the engine's call, ms. */
  readonly ms: number;
}

/** @param turns clockwise quarter turns of the whole picture; the boxes are in px of the group as it was planned only at 0. */
export async function detectGroup(
  group: Group,
  options: Pick<DetectOptions, 'thorough'> = {},
): Promise<GroupSeen> {
  const canvas = await composeGroup(group);
  const start = performance.now();
  const { faces } = await engine().detect(canvas, options);
  const ms = performance.now() - start;
  return { faces: faces.map(({ box, score }) => ({ box: { ...box }, score })), ms };
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
    for (const { portrait } of group.faces)
      portraits.set(portrait, await loadPicture(`pictures/${portrait}`));
    drawGroup(context, group, portraits);
  } finally {
    portraits.forEach((bitmap) => bitmap.close());
  }
  return canvas;
}
