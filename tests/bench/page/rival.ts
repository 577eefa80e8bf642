/**
 * face-api's two 68-point nets, in a frame of their own: tfjs keeps its engine in a global, so that two copies of it in
 * one realm would share backends and kernels.
 */
import * as faceapi from '@vladmandic/face-api';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { BackendName, Box } from '../../../src/engine/types';
import { createFrames } from './frames';

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

let frames: Awaited<ReturnType<typeof createFrames>> | null = null;

/** @returns version of its tfjs. @throws when the backend does not start. */
async function open(backend: BackendName): Promise<string> {
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
  frames = await createFrames();
  return tf.version['tfjs-core'];
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

const rival = { open, time };
export type Rival = typeof rival;
declare global {
  interface Window {
    rival?: Rival;
  }
}
window.rival = rival;
