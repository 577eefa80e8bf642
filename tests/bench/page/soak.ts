/** Many frames through the engine, with what it holds in memory now and then. */
import { CLIP, drawEmpty, drawPose, frameTimeMs, ONE_FACE, poseAt } from '../../fixtures/motion';
import { engine, memory, type Memory } from './engine';
import { quantile } from '../quantile';
import { createCanvas, loadPortrait } from './pictures';

export interface SoakSample extends Memory {
  readonly frame: number;
  /** 95 of 100 frames since the last look took no longer than this, ms. */
  readonly p95Ms: number;
}

/** Frames of one turn: the clip of one face and its empty end, so that tracks begin and end all along. */
const TURN = CLIP.faceFrames + CLIP.emptyFrames;

/**
 * Tracks `frames` frames of the clip, over and over.
 * @param every frames between two looks at the memory; the first is after the first `every`.
 */
export async function soak(frames: number, every: number): Promise<SoakSample[]> {
  const [canvas, context] = createCanvas(CLIP.width, CLIP.height);
  const portrait = await loadPortrait();
  const samples: SoakSample[] = [];
  let tookMs: number[] = [];
  let seen = 0;
  for (let frame = 0; frame < frames; frame++) {
    const turned = frame % TURN;
    drawEmpty(context);
    if (turned < CLIP.faceFrames) drawPose(context, portrait, poseAt(ONE_FACE, frameTimeMs(turned)));
    const startedMs = performance.now();
    const result = await engine().track(canvas.transferToImageBitmap(), frameTimeMs(frame));
    tookMs.push(performance.now() - startedMs);
    seen += result?.faces.length ?? 0;
    if ((frame + 1) % every > 0) continue;
    samples.push({ frame: frame + 1, p95Ms: quantile(tookMs, 0.95), ...(await memory()) });
    tookMs = [];
  }
  if (seen < frames / 2) throw new Error(`soak: a face in only ${seen} of ${frames} frames`);
  return samples;
}
