/** Our landmark stage and face-api's two 68-point nets on the same pictures and boxes, turn and turn about. */
import { applyToPoint, scaleOf } from '../../../src/engine/geometry';
import type { BackendName, Box } from '../../../src/engine/types';
import { CLIP, frameTimeMs, ONE_FACE, poseAt } from '../../fixtures/motion';
import { engine } from './engine';
import { createFrames } from './frames';
import type { LandmarkTimes } from './rival';
import { loadRival } from './rival-frame';

const names = ['mien', 'full', 'tiny'] as const;

export type Comparison = Record<(typeof names)[number], readonly LandmarkTimes[]> & {
  /** Version of face-api's tfjs. */
  readonly tfjs: string;
};

/** The face of the clip: a square of the size of its points' box, by eye. */
function faceBox(timeMs: number): Box<'image'> {
  const pose = poseAt(ONE_FACE, timeMs);
  const middle = applyToPoint(pose, { x: 222, y: 134 });
  const sidePx = 108 * scaleOf(pose);
  return { x: middle.x - sidePx / 2, y: middle.y - sidePx / 2, width: sidePx, height: sidePx };
}

async function timeOurs(canvas: HTMLCanvasElement, box: Box<'image'>): Promise<LandmarkTimes> {
  const start = performance.now();
  const { faces, timings } = await engine().landmarks(canvas, [box]);
  const totalMs = performance.now() - start;
  if (faces.length !== 1) throw new Error(`compare: ${faces.length} faces from one box`);
  return { cropMs: timings.cropMs, netMs: timings.networkMs + timings.readBackMs, totalMs };
}

/**
 * Times `pictures` frames of the clip; who goes first changes from picture to picture, so that none gains by it. The
 * engine has to be open on `backend`, on the page's thread like face-api.
 */
export async function compare(backend: BackendName, pictures: number, warmUp: number): Promise<Comparison> {
  const { info } = engine();
  if (info.backend !== backend || info.thread !== 'page') {
    throw new Error(
      `compare: the engine runs on ${info.backend} in the ${info.thread}, not on ${backend} in the page`,
    );
  }
  const { draw } = await createFrames();
  const { rival, remove } = await loadRival();
  try {
    const tfjs = await rival.open(backend);
    const times = { mien: [] as LandmarkTimes[], full: [] as LandmarkTimes[], tiny: [] as LandmarkTimes[] };
    for (let picture = 0; picture < warmUp + pictures; picture++) {
      const timeMs = frameTimeMs(picture % CLIP.faceFrames);
      const box = faceBox(timeMs);
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(turn + picture) % names.length];
        const taken =
          name === 'mien' ? await timeOurs(draw(timeMs), box) : await rival.time(name, timeMs, box);
        if (picture >= warmUp) times[name].push(taken);
      }
    }
    return { tfjs, ...times };
  } finally {
    remove();
  }
}
