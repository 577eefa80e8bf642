/** MediaPipe's Face Landmarker on the page's thread and the processor, from the npm package and a bundle beside the project. */
import { FaceLandmarker } from '@mediapipe/tasks-vision';
import { CLIP, frameTimeMs } from '../../fixtures/motion';
import { engine } from './engine';
import { createFrames } from './frames';
import { createCanvas, loadPicture } from './pictures';

export interface PeerFaces {
  /** Its 478 points of each face: x0, y0, x1, y1, …, image px. */
  readonly faces: readonly number[][];
  readonly ms: number;
}

const MAX_FACES = 8;
let peer: FaceLandmarker | null = null;

/** @throws when the bundle does not load. */
async function load(runningMode: 'IMAGE' | 'VIDEO', numFaces: number): Promise<FaceLandmarker> {
  const at = (path: string): string => new URL(path, document.baseURI).href;
  return FaceLandmarker.createFromOptions(
    {
      wasmLoaderPath: at('mediapipe/vision_wasm_internal.js'),
      wasmBinaryPath: at('mediapipe/vision_wasm_internal.wasm'),
    },
    {
      baseOptions: { modelAssetPath: at('peers/face_landmarker.task'), delegate: 'CPU' },
      runningMode,
      numFaces,
    },
  );
}

/** All faces of the picture; decoding it is not timed. */
export async function findByPeer(url: string): Promise<PeerFaces> {
  peer ??= await load('IMAGE', MAX_FACES);
  const bitmap = await loadPicture(url);
  const { width, height } = bitmap;
  const [, context] = createCanvas(width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const pixels = context.getImageData(0, 0, width, height);
  const start = performance.now();
  const { faceLandmarks } = peer.detect(pixels);
  const ms = performance.now() - start;
  return { faces: faceLandmarks.map((face) => face.flatMap(({ x, y }) => [x * width, y * height])), ms };
}

/** Milliseconds of each followed frame. */
export interface FollowTimes {
  readonly mien: readonly number[];
  readonly mediapipe: readonly number[];
}

/**
 * A clip of so many faces through both, each following them, turn and turn about: who goes first changes from frame to frame.
 * Both take the same canvas, and run on the page's thread; the engine has to be open there, for as many faces.
 */
export async function followBeside(faces: 1 | 2, frames: number, warmUp: number): Promise<FollowTimes> {
  if (engine().info.thread !== 'page') throw new Error('peers: the engine has to run on the page');
  const follower = await load('VIDEO', faces);
  const { draw } = await createFrames(faces);
  const times = { mien: [] as number[], mediapipe: [] as number[] };
  try {
    for (let frame = 0; frame < warmUp + frames; frame++) {
      // The clip's faces go there and back, so that no frame jumps.
      const period = 2 * (CLIP.faceFrames - 1);
      const place = frame % period;
      const canvas = draw(frameTimeMs(Math.min(place, period - place)));
      const timeMs = frameTimeMs(frame);
      const runs = {
        mien: async () => (await engine().track(await createImageBitmap(canvas), timeMs))?.faces.length,
        mediapipe: async () =>
          follower.detectForVideo(await createImageBitmap(canvas), timeMs).faceLandmarks.length,
      };
      const order = frame % 2 ? (['mien', 'mediapipe'] as const) : (['mediapipe', 'mien'] as const);
      for (const name of order) {
        const start = performance.now();
        const found = await runs[name]();
        const ms = performance.now() - start;
        if (frame < warmUp) continue;
        if (found !== faces) throw new Error(`frame ${frame}: ${name} follows ${found} faces, not ${faces}`);
        times[name].push(ms);
      }
    }
    return times;
  } finally {
    follower.close();
  }
}
