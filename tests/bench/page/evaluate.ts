/** One annotated picture through the engine. */
import type { Box } from '../../../src/engine/types';
import { engine } from './engine';
import { loadPicture } from './pictures';

export interface Seen {
  readonly faces: readonly {
    readonly points: number[];
    readonly box: Box<'image'>;
    readonly score: number;
  }[];
  /** Time of the engine's call, ms. */
  readonly ms: number;
}

/** @param box the true points' box: the crop comes from it; null: from the detector. */
export async function evaluatePicture(url: string, box: Box<'image'> | null): Promise<Seen> {
  const image = await loadPicture(url);
  try {
    const start = performance.now();
    const { faces } = box ? await engine().landmarks(image, [box]) : await engine().detect(image);
    const ms = performance.now() - start;
    return {
      faces: faces.map(({ points, box, score }) => ({ points: [...points], box: { ...box }, score })),
      ms,
    };
  } finally {
    image.close();
  }
}
