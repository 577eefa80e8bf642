/** What the engine tells of the faces of one picture. */
import type { Signals } from '../../../src/engine/types';
import { engine } from './engine';
import { loadPicture } from './pictures';

export interface FaceWithSignals {
  readonly points: number[];
  readonly signals: Signals | null;
}

export interface PictureWithSignals {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly FaceWithSignals[];
}

/** With an engine that was opened with `signals`. */
export async function detectSignals(url: string): Promise<PictureWithSignals> {
  const image = await loadPicture(url);
  try {
    const { width, height } = image;
    const { faces } = await engine().detect(image);
    return {
      width,
      height,
      faces: faces.map(({ points, signals }) => ({ points: [...points], signals: signals ?? null })),
    };
  } finally {
    image.close();
  }
}
