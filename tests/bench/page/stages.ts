/** How long each stage of a tracked frame takes. */
import type { Result, Timings } from '../../../src/engine/types';
import { drawOverlay } from '../../../src/shared/overlay/draw';
import { createMeshCache } from '../../../src/shared/overlay/mesh';
import { CLIP, drawEmpty, drawPose, frameTimeMs, ONE_FACE, poseAt } from '../../fixtures/motion';
import { engine } from './engine';
import { createCanvas, loadPortrait } from './pictures';

export interface FrameTimes extends Timings {
  /** The overlay: contours and points of every face. */
  readonly drawMs: number;
  /** From handing the frame over to having the result, with the way to a worker and back. */
  readonly roundTripMs: number;
}

export interface StageTimes {
  /** One entry per frame on which the face was followed. */
  readonly tracked: readonly FrameTimes[];
  /** The detector, on frames where nothing was followed yet. */
  readonly detectMs: readonly number[];
}

/**
 * Times of `frames` followed frames of the clip at 640×480, and of the detector on `looks` frames; the first `warmUp` more
 * are run and left out.
 */
export async function measureStages(frames: number, looks: number, warmUp: number): Promise<StageTimes> {
  const [canvas, context] = createCanvas(CLIP.width, CLIP.height);
  const portrait = await loadPortrait();
  const draw = createDrawing();
  let frame = 0;
  async function next(): Promise<FrameTimes> {
    drawEmpty(context);
    drawPose(context, portrait, poseAt(ONE_FACE, frameTimeMs(frame % CLIP.faceFrames)));
    const bitmap = canvas.transferToImageBitmap();
    const start = performance.now();
    const result = await engine().track(bitmap, frameTimeMs(frame++));
    const roundTripMs = performance.now() - start;
    if (result?.faces.length !== 1)
      throw new Error(`frame ${frame}: ${result?.faces.length} faces, wanted 1`);
    return { ...result.timings, drawMs: draw(result), roundTripMs };
  }
  for (let i = 0; i < warmUp; i++) await next();
  const tracked: FrameTimes[] = [];
  while (tracked.length < frames) {
    const times = await next();
    if (times.detectMs === 0) tracked.push(times);
  }
  const detectMs: number[] = [];
  while (detectMs.length < looks) {
    await engine().reset();
    detectMs.push((await next()).detectMs);
  }
  return { tracked, detectMs };
}

/** Draws a result on the page's canvas and says how long that took, ms. */
function createDrawing(): (result: Result) => number {
  const view = document.querySelector<HTMLCanvasElement>('#view');
  const context = view?.getContext('2d');
  if (!view || !context) throw new Error('bench page: no canvas to draw on');
  const meshes = createMeshCache();
  const style = { overlay: 'contours', numbers: false, spread: 'off' } as const;
  const upright = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };
  return ({ faces }) => {
    const start = performance.now();
    context.clearRect(0, 0, view.width, view.height);
    drawOverlay(context, faces, engine().info.manifest.scheme, style, upright, meshes);
    return performance.now() - start;
  };
}
