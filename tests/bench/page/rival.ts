/**
 * face-api's detectors and its two 68-point nets, in a frame of their own: tfjs keeps its engine in a global, so that two
 * copies of it in one realm would share backends and kernels.
 */
import * as faceapi from '@vladmandic/face-api';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { BackendName, Box } from '../../../src/engine/types';
import { createFrames } from './frames';
import type { Found } from './photos';
import { loadPicture } from './pictures';

/** face-api's own tfjs, as far as it is used here; the package's types leave it loose. */
interface OwnTfjs {
  setWasmPaths(paths: Record<string, string>): void;
  setBackend(name: string): Promise<boolean>;
  getBackend(): string;
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
  /** Crop to points on the processor: the network with its read-back. */
  readonly netMs: number;
  readonly totalMs: number;
}

/** Its detectors, as it sets them up. */
const finders = {
  ssd: { net: faceapi.nets.ssdMobilenetv1, options: new faceapi.SsdMobilenetv1Options() },
  tiny: { net: faceapi.nets.tinyFaceDetector, options: new faceapi.TinyFaceDetectorOptions() },
};
export type FinderName = keyof typeof finders;

let frames: Awaited<ReturnType<typeof createFrames>> | null = null;

/** @throws when the backend does not start. */
async function start(backend: BackendName): Promise<void> {
  // As the engine has it, so that both run on one thread.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
  tf.setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': simdUrl,
  });
  if (!(await tf.setBackend(backend)) || tf.getBackend() !== backend) {
    throw new Error(`face-api: its backend ${backend} does not start`);
  }
  for (const net of Object.values(nets)) if (!net.isLoaded) await net.loadFromUri('face-api');
}

/** @returns version of its tfjs. */
async function open(backend: BackendName): Promise<string> {
  await start(backend);
  frames = await createFrames();
  return tf.version['tfjs-core'];
}

async function openDetectors(backend: BackendName): Promise<void> {
  await start(backend);
  for (const { net } of Object.values(finders)) if (!net.isLoaded) await net.loadFromUri('face-api');
}

/** All faces of the picture at `url`, with their points by the larger net; decoding it is not timed. */
async function detect(name: FinderName, url: string): Promise<Found> {
  const bitmap = await loadPicture(url);
  const { width, height } = bitmap;
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d', { willReadFrequently: true })!.drawImage(bitmap, 0, 0);
  bitmap.close();
  const startMs = performance.now();
  const found = await faceapi.detectAllFaces(canvas, finders[name].options).withFaceLandmarks();
  const ms = performance.now() - startMs;
  return { faces: found.map(({ landmarks }) => landmarks.positions.flatMap(({ x, y }) => [x, y])), ms };
}

/** The frame of the clip at `timeMs`, the face in `box`, through one net. */
async function time(name: RivalName, timeMs: number, box: Box<'image'>): Promise<LandmarkTimes> {
  if (!frames) throw new Error('face-api: not open');
  const canvas = frames.draw(timeMs);
  const start = performance.now();
  const [crop] = await faceapi.extractFaces(canvas, [new faceapi.Rect(box.x, box.y, box.width, box.height)]);
  const cut = performance.now();
  const found = await nets[name].detectLandmarks(crop);
  const end = performance.now();
  if (Array.isArray(found) || found.positions.length !== 68)
    throw new Error(`face-api ${name}: gives no points`);
  return { cropMs: cut - start, netMs: end - cut, totalMs: end - start };
}

const rival = { open, time, openDetectors, detect };
export type Rival = typeof rival;
declare global {
  interface Window {
    rival?: Rival;
  }
}
window.rival = rival;
