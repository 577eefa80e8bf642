/** Faces whose expressions were labelled by eye: `training/mien/signals/labels.csv`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { root } from '../e2e/browser';

export const labelsFile = join(root, 'training', 'mien', 'signals', 'labels.csv');

/** One face, px of its picture. */
export interface LabelledFace {
  readonly picture: string;
  /** Middle of the box of its points. */
  readonly x: number;
  readonly y: number;
  /** √ of the box's area. */
  readonly size: number;
}

/** @returns each face once, however many of its movements are labelled. @throws naming the line that cannot be read. */
export function parseLabels(text: string): LabelledFace[] {
  const { data } = Papa.parse<Record<string, string | undefined>>(text, {
    header: true,
    skipEmptyLines: true,
  });
  const faces = new Map<string, LabelledFace>();
  for (const [i, { picture, x, y, size }] of data.entries()) {
    const face = { picture: picture ?? '', x: Number(x), y: Number(y), size: Number(size) };
    if (!picture || ![face.x, face.y, face.size].every(Number.isFinite))
      throw new Error(`labels, line ${i + 2}: has no picture, x, y and size`);
    faces.set(`${picture} ${face.x} ${face.y}`, face);
  }
  return [...faces.values()];
}

export const readLabels = async (): Promise<LabelledFace[]> =>
  parseLabels(await readFile(labelsFile, 'utf8'));

/** @returns the found face whose middle lies nearest to the labelled one's, within half its size; else null. */
export function findLabelled<F extends { readonly points: ArrayLike<number> }>(
  faces: readonly F[],
  { x, y, size }: LabelledFace,
): F | null {
  let nearest: F | null = null;
  let least = size / 2;
  for (const face of faces) {
    const distance = Math.hypot(middleOf(face.points, 0) - x, middleOf(face.points, 1) - y);
    if (distance < least) [nearest, least] = [face, distance];
  }
  return nearest;
}

function middleOf(points: ArrayLike<number>, axis: 0 | 1): number {
  const values = Array.from(points).filter((_, i) => i % 2 === axis);
  return (Math.min(...values) + Math.max(...values)) / 2;
}
