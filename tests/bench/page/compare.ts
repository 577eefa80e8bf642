/** Our landmark stage and face-api's two 68-point nets on the same pictures and boxes, turn and turn about. */
import * as faceapi from '@vladmandic/face-api';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { applyToPlace, scaleOf } from '../../../src/engine/geometry';
import type { BackendName, Box } from '../../../src/engine/types';
import { CLIP, drawEmpty, drawPose, frameTimeMs, ONE_FACE, poseAt } from '../../fixtures/motion';
import { engine } from './engine';
import { loadPortrait } from './pictures';

/** face-api's own tfjs, which its types leave loose. */
interface OwnTfjs {
  setWasmPaths(paths: Record<string, string>): void;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
  ready(): Promise<void>;
  env(): { set(flag: string, value: boolean): void };
  version: Record<string, string>;
}

const tf = faceapi.tf as unknown as OwnTfjs;
const nets = { full: faceapi.nets.faceLandmark68Net, tiny: faceapi.nets.faceLandmark68TinyNet };
export type RivalName = keyof typeof nets;

/** Milliseconds of one picture, wall clock on the page's thread. */
export interface LandmarkTimes {
  /** Cutting the crop out of the picture. */
  readonly cropMs: number;
  /** Crop to points on the processor: the network with its input and read-back. */
  readonly netMs: number;
  readonly totalMs: number;
}

export interface Comparison {
  readonly backend: string;
  readonly tfjs: string;
  readonly mien: readonly LandmarkTimes[];
  readonly full: readonly LandmarkTimes[];
  readonly tiny: readonly LandmarkTimes[];
}

async function openRivals(backend: BackendName): Promise<void> {
  // As the engine has it: both run on one thread.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
  tf.setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': simdUrl,
  });
  if (!(await tf.setBackend(backend))) throw new Error(`face-api: its backend ${backend} does not start`);
  await tf.ready();
  if (tf.getBackend() !== backend) throw new Error(`face-api: runs on ${tf.getBackend()}, not ${backend}`);
  for (const net of Object.values(nets)) if (!net.isLoaded) await net.loadFromUri('face-api');
}

/** The face of the clip's portrait in a pose: upright square of the points' size, by eye. */
function faceBox(timeMs: number): Box<'image'> {
  const pose = poseAt(ONE_FACE, timeMs);
  const middle = applyToPlace(pose, { x: 222, y: 134 });
  const sidePx = 108 * scaleOf(pose);
  return { x: middle.x - sidePx / 2, y: middle.y - sidePx / 2, width: sidePx, height: sidePx };
}

async function timeOurs(
  canvas: OffscreenCanvas | HTMLCanvasElement,
  box: Box<'image'>,
): Promise<LandmarkTimes> {
  const start = performance.now();
  const { faces, timings } = await engine().landmarks(canvas, [box]);
  const totalMs = performance.now() - start;
  if (faces.length !== 1) throw new Error(`compare: ${faces.length} faces from one box`);
  return { cropMs: timings.cropMs, netMs: timings.networkMs + timings.readBackMs, totalMs };
}

async function timeRival(
  canvas: HTMLCanvasElement,
  box: Box<'image'>,
  name: RivalName,
): Promise<LandmarkTimes> {
  const start = performance.now();
  const [crop] = await faceapi.extractFaces(canvas, [new faceapi.Rect(box.x, box.y, box.width, box.height)]);
  const cut = performance.now();
  const found = await nets[name].detectLandmarks(crop);
  const end = performance.now();
  if (Array.isArray(found) || found.positions.length !== 68)
    throw new Error(`compare: face-api ${name} gives no points`);
  return { cropMs: cut - start, netMs: end - cut, totalMs: end - start };
}

/** The page's own canvas with a frame of the clip: face-api takes no other than HTML canvases. */
async function frameCanvas(): Promise<[HTMLCanvasElement, (timeMs: number) => void]> {
  const portrait = await loadPortrait();
  const canvas = Object.assign(document.createElement('canvas'), { width: CLIP.width, height: CLIP.height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('compare: no 2D context');
  const draw = (timeMs: number): void => {
    drawEmpty(context);
    drawPose(context, portrait, poseAt(ONE_FACE, timeMs));
  };
  return [canvas, draw];
}

/**
 * Times `pictures` frames of the clip; the order of the three turns from picture to picture, so that none gains by it.
 * The engine has to be open on `backend`, on the page's thread like face-api.
 */
export async function compare(backend: BackendName, pictures: number, warmUp: number): Promise<Comparison> {
  const { info } = engine();
  if (info.backend !== backend || info.thread !== 'page') {
    throw new Error(
      `compare: the engine runs on ${info.backend} in the ${info.thread}, not on ${backend} in the page`,
    );
  }
  await openRivals(backend);
  const [canvas, draw] = await frameCanvas();
  const times = { mien: [] as LandmarkTimes[], full: [] as LandmarkTimes[], tiny: [] as LandmarkTimes[] };
  const names = ['mien', 'full', 'tiny'] as const;
  for (let picture = -warmUp; picture < pictures; picture++) {
    const timeMs = frameTimeMs((picture + warmUp) % CLIP.faceFrames);
    draw(timeMs);
    const box = faceBox(timeMs);
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + picture + warmUp) % names.length];
      const taken = name === 'mien' ? await timeOurs(canvas, box) : await timeRival(canvas, box, name);
      if (picture >= 0) times[name].push(taken);
    }
  }
  return { backend, tfjs: tf.version['tfjs-core'], ...times };
}
