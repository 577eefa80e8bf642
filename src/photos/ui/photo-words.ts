/** What is said of a picture in the grid. */

import type { Photo } from '../types';

export interface PhotoWords {
  readonly text: string;
  readonly corrected: boolean;
}

/** @param model id of the model whose result counts */
export function photoWords({ work, results }: Photo, model: string | null): PhotoWords {
  const result = model === null ? undefined : results[model];
  const corrected = result?.corrected ?? false;
  switch (work.kind) {
    case 'waiting':
      return { text: result ? facesInWords(result.faces.length) : 'Waiting', corrected };
    case 'running':
      return { text: 'Looking …', corrected };
    case 'failed':
      return { text: 'Could not be read', corrected };
    case 'done':
      return { text: result ? facesInWords(result.faces.length) : 'Not looked at', corrected };
  }
}

export function facesInWords(count: number): string {
  return count === 0 ? 'No face' : count === 1 ? '1 face' : `${count} faces`;
}

export function picturesInWords(count: number): string {
  return count === 1 ? '1 picture' : `${count} pictures`;
}
