/** The label of a picture in the grid. */

import { formatQuantity } from '../../shared/format/quantity';
import { shownFaces } from './corrections/faces';
import type { Photo } from './types';

export interface PhotoLabel {
  readonly text: string;
  readonly corrected: boolean;
}

/** @param model id of the model whose result counts */
export function photoLabel({ work, results }: Photo, model: string | null): PhotoLabel {
  const result = model === null ? undefined : results[model];
  const corrected = (result?.corrected ?? null) !== null;
  const faces = result && formatFaceCount(shownFaces(result).length);
  switch (work.kind) {
    case 'waiting':
      return { text: faces ?? 'Waiting', corrected };
    case 'running':
      return { text: 'Detecting…', corrected };
    case 'failed':
      return { text: 'Detection failed', corrected };
    case 'done':
      return { text: faces ?? 'Not processed', corrected };
  }
}

export function formatFaceCount(count: number): string {
  return count === 0 ? 'No face' : formatQuantity(count, 'face');
}

export function formatPictureCount(count: number): string {
  return formatQuantity(count, 'picture');
}
