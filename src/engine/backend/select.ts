/** The tfjs backend: which one works here, which one runs and why, and how the loss of its GPU context is noticed. */

import * as tf from '@tensorflow/tfjs-core';
import { clockOf, compileShaders, tearDown, watchContext, type OnShaders } from './gpu';
import { EngineError } from '../errors';
import type { WasmFiles } from '../files';
import { createInterrupt } from '../interrupt';
import { probeGpu, type GpuProbe } from './capabilities';
import { titleOf } from './titles';
import { createWatchdog } from './watchdog';
import type { GpuClock } from '../timings';
import type { BackendName, EngineMemory } from '../types';

export interface Backend {
  readonly name: BackendName;
  /** The name for the screen. */
  readonly title: string;
  /** Why this one, in a sentence. */
  readonly reason: string;
  /** Replaces the reason. */
  explain(reason: string): void;
  /** The GPU, its driver and the browser, as far as they are told. */
  readonly driver: string;
  /** Why it counts as hung, as the end of a sentence about it; null while it does not. */
  readonly hung: string | null;
  /** True where the CPU reads crops (wasm, cpu); false where the GPU takes a canvas as a texture. */
  readonly readsPixels: boolean;
  /** The GPU's own clock; null where it does not tell. */
  readonly clock: GpuClock | null;
  /** Makes it tfjs' current backend again, in case other code on this thread has switched. */
  use(): Promise<void>;
  /** Runs convolutions by these weights by faster means where there are some. The weights must never change. */
  quicken(weights: readonly tf.Tensor[]): Promise<void>;
  /** The values of a tensor; rejects with `context-lost` or `unresponsive` where tfjs would wait for ever. The caller keeps the tensor. */
  read(tensor: tf.Tensor): Promise<Float32Array>;
  /** After an error: whether the GPU context is gone, and everything on it must be built anew. */
  isLost(): Promise<boolean>;
  /** Compiles the shaders of `run` in parallel on a GPU; the values that `run` gives are not to be used. */
  compile(run: () => tf.Tensor[], onShaders: OnShaders): Promise<void>;
  /** Its memory, and the tensors of this thread, whichever engine they belong to; also once it is disposed. */
  memory(): EngineMemory;
  /** Releases the backend; it is torn down when no engine uses it and it holds no tensor, or when its context is lost. */
  dispose(): void;
}

const ORDER: readonly BackendName[] = ['webgl', 'webgpu', 'wasm', 'cpu'];

/** WebGPU fails a read-back before it reports that the device is lost; the report may take this long, ms. */
const LOSS_NOTICE_MS = 200;

/**
 * A GPU that finishes neither a read-back nor another shader for so long counts as hung, ms. One in software, which is used only
 * when asked for by name, has more, and less than `UNRESPONSIVE_MS` still.
 */
export const HUNG_GPU_MS = 10_000;
const HUNG_SOFTWARE_MS = 25_000;

/** Engines on this thread per backend: tfjs has one instance of each for all. */
const users = new Map<BackendName, number>();

export interface BackendOptions {
  readonly wanted: BackendName | 'auto';
  readonly wasm: WasmFiles;
  /** Backends that `auto` passes over, and why. Default: none. */
  readonly unfit?: ReadonlyMap<BackendName, string>;
  /** Whether the networks are known to work with float16. Default: no. */
  readonly isProven?: boolean;
  readonly onTry?: (name: BackendName) => void;
  /** Of this thread, where it was probed a moment ago. Default: it is probed. */
  readonly probe?: GpuProbe;
}

/**
 * Opens the wanted backend, or the first that works; a software GL counts only when asked for by name.
 * @throws EngineError `no-backend`, saying what was tried.
 */
export async function openBackend({
  wanted,
  wasm,
  unfit,
  isProven = false,
  onTry,
  probe: given,
}: BackendOptions): Promise<Backend> {
  const probe = given ?? (await probeGpu());
  const halfTextures = isProven && probe.webgl.kind === 'hardware';
  const misses: string[] = [];
  for (const name of wanted === 'auto' ? ORDER : [wanted]) {
    onTry?.(name);
    const obstacle = wanted === 'auto' ? (unfit?.get(name) ?? obstacleOf(name, probe)) : null;
    const failure = obstacle ?? (await tryToStart(name, { halfTextures, wasm }));
    if (failure === null) {
      const where = await whereItRuns(name, probe);
      return createBackend(name, reasonFor(name, wanted, where, misses), probe);
    }
    misses.push(failure);
  }
  const subject = wanted === 'auto' ? 'no backend works here' : `backend ${wanted}: does not work here`;
  throw new EngineError('no-backend', `${subject} (${misses.join('; ')})`);
}

/**
 * Fetches the code of the backend that will be opened first, so that it comes beside the networks' files rather than after
 * them. A GPU is not touched; WebAssembly is started, which takes as long as those files do. What fails is told when it is opened.
 * @returns what this thread's GPU can do, which tells the first
 */
export async function fetchBackend({
  wanted,
  unfit,
  wasm,
  probing = probeGpu(),
}: Pick<BackendOptions, 'wanted' | 'unfit' | 'wasm'> & {
  /** Of this thread, under way. Default: it is probed. */
  readonly probing?: Promise<GpuProbe>;
}): Promise<GpuProbe> {
  const first = async (): Promise<BackendName | undefined> => {
    if (wanted !== 'auto') return wanted;
    const probe = await probing;
    return ORDER.find((name) => !unfit?.has(name) && obstacleOf(name, probe) === null);
  };
  const [probe] = await Promise.all([probing, first().then((name) => fetchCode(name, wasm))]);
  return probe;
}

async function fetchCode(name: BackendName | undefined, wasm: WasmFiles): Promise<void> {
  // Another engine of this thread may be at work, which must not find its backend changed.
  const isAlone = [...users.values()].every((count) => count === 0);
  if (name === 'wasm' && isAlone) await (wasmAhead ??= startWasm(wasm));
  else if (name) await CODE[name]().catch(() => undefined);
}

/** WebAssembly while it is started beside the networks' files, for all engines that are made meanwhile. */
let wasmAhead: Promise<void> | null = null;

async function startWasm(wasm: WasmFiles): Promise<void> {
  await tryToStart('wasm', { halfTextures: false, wasm });
  wasmAhead = null;
}

/** Why `name` is not tried unless asked for by name. */
function obstacleOf(name: BackendName, probe: GpuProbe): string | null {
  if (name === 'webgl' && probe.webgl.kind === 'none') return 'WebGL is unavailable';
  if (name === 'webgl' && probe.webgl.kind === 'software')
    return `WebGL is done in software (${probe.webgl.renderer})`;
  if (name === 'webgpu' && probe.webgpu === 'none') return 'WebGPU is unavailable';
  if (name === 'webgpu' && probe.webgpu === 'software') return 'WebGPU is done in software';
  return null;
}

function reasonFor(
  name: BackendName,
  wanted: BackendName | 'auto',
  where: string,
  misses: readonly string[],
): string {
  if (wanted !== 'auto') return `${titleOf(name)} was asked for${where}.`;
  if (misses.length === 0) return `${titleOf(name)} works here and comes first${where}.`;
  return `${titleOf(name)} runs${where} because ${misses.join(' and ')}.`;
}

/** On which GPU, or on how many threads: the end of a sentence. */
async function whereItRuns(name: BackendName, { webgl }: GpuProbe): Promise<string> {
  if (name === 'webgl' && webgl.kind !== 'none') {
    const slow = webgl.kind === 'software' ? ', in software and so slow' : '';
    return `${slow}, on ${webgl.renderer}`;
  }
  if (name !== 'wasm') return '';
  const { getThreadsCount } = await CODE.wasm();
  const threads = getThreadsCount();
  return threads > 1 ? ` on ${threads} threads` : '';
}

/** What backends are started with. */
interface Start {
  readonly halfTextures: boolean;
  readonly wasm: WasmFiles;
}

/** Loads and starts a backend. @returns null, or why it did not start. */
async function tryToStart(name: BackendName, start: Start): Promise<string | null> {
  try {
    await LOADERS[name](start);
    if (await tf.setBackend(name)) return null;
    return `${titleOf(name)} did not start`;
  } catch (cause) {
    return `${titleOf(name)} did not start: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

const CODE = {
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
  webgpu: () => import('@tensorflow/tfjs-backend-webgpu'),
  wasm: () => import('./wasm'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
} satisfies Record<BackendName, () => Promise<unknown>>;

/**
 * tfjs takes float32 textures where the GPU renders to them, else float16, as on iPhones. A GPU that can do both has half as
 * much memory to move with the latter; a software GL takes 1.1 to 1.6 times as long.
 */
const LOADERS: Record<BackendName, (start: Start) => Promise<unknown>> = {
  async webgl({ halfTextures }) {
    await CODE.webgl();
    // A software GL gets here only when asked for by name. tfjs reads both when it makes its first context on this thread.
    tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
    tf.env().set('WEBGL_FORCE_F16_TEXTURES', halfTextures);
  },
  webgpu: CODE.webgpu,
  wasm: async ({ wasm }) => (await CODE.wasm()).registerWasm(wasm),
  cpu: CODE.cpu,
};

function createBackend(name: BackendName, firstReason: string, { webgl, webgpu }: GpuProbe): Backend {
  let reason = firstReason;
  let hung: string | null = null;
  const readsPixels = name === 'wasm' || name === 'cpu';
  const isSoftware = (name === 'webgl' ? webgl.kind : webgpu) === 'software';
  const limitMs = isSoftware ? HUNG_SOFTWARE_MS : HUNG_GPU_MS;
  const instance = tf.backend();
  const interrupt = createInterrupt();
  let lost = false;
  let disposed = false;
  const stopWatching = watchContext(name, () => {
    lost = true;
    interrupt.trip(new EngineError('context-lost', `backend ${name}: the GPU took its context away`));
  });
  users.set(name, (users.get(name) ?? 0) + 1);

  /** Waits for the GPU, and gives it up where it is silent for too long. @param what it did not do, for the message. */
  async function watched<T>(
    what: string,
    run: (alive: () => void, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (readsPixels) return interrupt.guard(run(() => {}, new AbortController().signal));
    const watchdog = createWatchdog(limitMs, () => {
      hung = `${what} within ${limitMs / 1000} s`;
      lost = true;
      interrupt.trip(new EngineError('unresponsive', `backend ${name}: ${hung}`));
    });
    try {
      return await interrupt.guard(run(watchdog.feed, watchdog.signal));
    } finally {
      watchdog.stop();
    }
  }

  return {
    name,
    title: titleOf(name),
    get reason() {
      return reason;
    },
    explain(next) {
      reason = next;
    },
    driver: [name, webgl.kind === 'none' ? '' : webgl.renderer, globalThis.navigator?.userAgent ?? ''].join(
      ' ',
    ),
    get hung() {
      return hung;
    },
    readsPixels,
    clock: clockOf(name),
    async use() {
      if (tf.getBackend() !== name) await tf.setBackend(name);
    },
    async quicken(weights) {
      if (name === 'wasm') await (await CODE.wasm()).quicken(weights);
    },
    async read(tensor) {
      return (await watched('did not hand out its results', () => tensor.data())) as Float32Array;
    },
    async isLost() {
      if (!lost && name === 'webgpu') await new Promise((resolve) => setTimeout(resolve, LOSS_NOTICE_MS));
      return lost;
    },
    compile: (run, onShaders) =>
      watched('did not compile its shaders', (alive, signal) => {
        let last = -1;
        const onMore: OnShaders = (done, total) => {
          if (done !== last) alive();
          last = done;
          onShaders(done, total);
        };
        return compileShaders(name, run, onMore, signal);
      }),
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
