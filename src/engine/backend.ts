/** The tfjs backend: which one works here, which one runs and why, and what to do when its GPU context is lost. */

import * as tf from '@tensorflow/tfjs-core';
import { compileShaders, tearDown, watchContext, type OnShaders } from './backend-gpu';
import { EngineError } from './errors';
import { createInterrupt } from './interrupt';
import { probeGpu, type GpuProbe } from './probe';
import type { BackendName, EngineMemory } from './types';

export interface Backend {
  readonly name: BackendName;
  /** The name for the screen. */
  readonly title: string;
  /** Why this one, in a sentence. */
  readonly reason: string;
  /** Puts another reason in its place. */
  explain(reason: string): void;
  /** True where the CPU reads crops (wasm, cpu); false where the GPU takes a canvas as a texture. */
  readonly readsPixels: boolean;
  /** Makes it tfjs' current backend again, should other code on this thread have switched. */
  use(): Promise<void>;
  /** The values of a tensor; rejects with `context-lost` where tfjs would wait for ever. The caller keeps the tensor. */
  read(tensor: tf.Tensor): Promise<Float32Array>;
  /** After an error: whether the GPU context is gone, and everything on it must be built anew. */
  isLost(): Promise<boolean>;
  /** Compiles the shaders of `run` in parallel on a GPU; what `run` gives is worthless. */
  compile(run: () => tf.Tensor[], onShaders: OnShaders): Promise<void>;
  /** What it holds, and what tensors this thread does, whichever engine they belong to; also once it is disposed. */
  memory(): EngineMemory;
  /** Gives the backend back; it is torn down when no engine uses it and it holds no tensor, or when its context is lost. */
  dispose(): void;
}

const ORDER: readonly BackendName[] = ['webgl', 'webgpu', 'wasm', 'cpu'];
const TITLES: Record<BackendName, string> = {
  webgl: 'WebGL',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'plain JavaScript',
};

/** The name for the screen. */
export const titleOf = (name: BackendName): string => TITLES[name];

/** WebGPU breaks a read-back off before it tells that the device is lost; it may take so long to, ms. */
const LOSS_NOTICE_MS = 200;

/** Engines on this thread per backend: tfjs has one instance of each for all. */
const users = new Map<BackendName, number>();

export interface BackendOptions {
  readonly wanted: BackendName | 'auto';
  /** Backends that `auto` passes over, and why. Default: none. */
  readonly unfit?: ReadonlyMap<BackendName, string>;
  /** Whether the networks are known to do with float16. Default: no. */
  readonly isProven?: boolean;
  readonly onTry?: (name: BackendName) => void;
}

/**
 * Opens the wanted backend, or the first that works; a software GL counts only when asked for by name.
 * @throws EngineError `no-backend`, saying what was tried.
 */
export async function openBackend({
  wanted,
  unfit,
  isProven = false,
  onTry,
}: BackendOptions): Promise<Backend> {
  const probe = await probeGpu();
  const halfTextures = isProven && probe.webgl.kind === 'hardware';
  const misses: string[] = [];
  for (const name of wanted === 'auto' ? ORDER : [wanted]) {
    onTry?.(name);
    const obstacle = wanted === 'auto' ? (unfit?.get(name) ?? obstacleOf(name, probe)) : null;
    const failure = obstacle ?? (await tryToStart(name, halfTextures));
    if (failure === null) {
      const where = await whereItRuns(name, probe);
      return createBackend(name, reasonFor(name, wanted, where, misses));
    }
    misses.push(failure);
  }
  const subject = wanted === 'auto' ? 'no backend works here' : `backend ${wanted}: does not work here`;
  throw new EngineError('no-backend', `${subject} (${misses.join('; ')})`);
}

/** Why `name` is not worth trying unless asked for by name. */
function obstacleOf(name: BackendName, probe: GpuProbe): string | null {
  if (name === 'webgl' && probe.webgl.kind === 'none') return 'WebGL is not to be had';
  if (name === 'webgl' && probe.webgl.kind === 'software')
    return `WebGL is done in software (${probe.webgl.renderer})`;
  if (name === 'webgpu' && probe.webgpu === 'none') return 'WebGPU is not to be had';
  if (name === 'webgpu' && probe.webgpu === 'software') return 'WebGPU is done in software';
  return null;
}

function reasonFor(
  name: BackendName,
  wanted: BackendName | 'auto',
  where: string,
  misses: readonly string[],
): string {
  if (wanted !== 'auto') return `${TITLES[name]} was asked for${where}.`;
  if (misses.length === 0) return `${TITLES[name]} works here and comes first${where}.`;
  return `${TITLES[name]} runs${where} because ${misses.join(' and ')}.`;
}

/** On which GPU, or on how many threads: the end of a sentence. */
async function whereItRuns(name: BackendName, { webgl }: GpuProbe): Promise<string> {
  if (name === 'webgl' && webgl.kind !== 'none') {
    const slow = webgl.kind === 'software' ? ', in software and so slow' : '';
    return `${slow}, on ${webgl.renderer}`;
  }
  if (name !== 'wasm') return '';
  const { getThreadsCount } = await import('./backend-wasm');
  const threads = getThreadsCount();
  return threads > 1 ? ` on ${threads} threads` : '';
}

/** Loads and starts a backend. @returns null, or why it did not start. */
async function tryToStart(name: BackendName, halfTextures: boolean): Promise<string | null> {
  try {
    await LOADERS[name](halfTextures);
    if (await tf.setBackend(name)) return null;
    return `${TITLES[name]} did not start`;
  } catch (cause) {
    return `${TITLES[name]} did not start: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/**
 * tfjs takes float32 textures where the GPU renders to them, else float16, as on iPhones. A GPU that can do both has half as
 * much to move with the latter; a software GL takes 1.1 to 1.6 times as long.
 */
const LOADERS: Record<BackendName, (halfTextures: boolean) => Promise<unknown>> = {
  async webgl(halfTextures) {
    await import('@tensorflow/tfjs-backend-webgl');
    // A software GL comes this far only by name. tfjs reads both when it makes its first context on this thread.
    tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
    tf.env().set('WEBGL_FORCE_F16_TEXTURES', halfTextures);
  },
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  wasm: async () => (await import('./backend-wasm')).wasmReady,
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};

function createBackend(name: BackendName, firstReason: string): Backend {
  let reason = firstReason;
  const instance = tf.backend();
  const interrupt = createInterrupt();
  let lost = false;
  let disposed = false;
  const stopWatching = watchContext(name, () => {
    lost = true;
    interrupt.trip(new EngineError('context-lost', `backend ${name}: the GPU took its context away`));
  });
  users.set(name, (users.get(name) ?? 0) + 1);
  return {
    name,
    title: TITLES[name],
    get reason() {
      return reason;
    },
    explain(next) {
      reason = next;
    },
    readsPixels: name === 'wasm' || name === 'cpu',
    async use() {
      if (tf.getBackend() !== name) await tf.setBackend(name);
    },
    async read(tensor) {
      return (await interrupt.guard(tensor.data())) as Float32Array;
    },
    async isLost() {
      if (!lost && name === 'webgpu') await new Promise((resolve) => setTimeout(resolve, LOSS_NOTICE_MS));
      return lost;
    },
    compile: (run, onShaders) => interrupt.guard(compileShaders(name, run, onShaders)),
    memory() {
      const { numBytesInGPU: gpuBytes = null } = instance.memory() as { numBytesInGPU?: number };
      return { tensors: tf.engine().state.numTensors, gpuBytes };
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      stopWatching();
      const left = (users.get(name) ?? 1) - 1;
      users.set(name, left);
      if (lost || (left === 0 && instance.numDataIds() === 0)) tearDown(name, instance);
    },
  };
}
