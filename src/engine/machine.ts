/** The networks on a backend: downloaded, built, warmed up, and taken down together. */

import { openBackend, titleOf, type Backend } from './backend';
import type { CoreOptions } from './core';
import { checkModel } from './check';
import { createDetector, type Detector } from './detector';
import { DETECTOR_FILES } from './detector-files';
import { findEntry, loadFiles, loadRegistry, type OnBytes } from './download';
import { EngineError, toEngineError } from './errors';
import { createLandmarker, type Landmarker } from './landmarker';
import { createModel, type Model } from './model';
import type { ModelFiles } from './model-files';
import type { BackendName, ModelSource, Progress } from './types';

/** A GPU that takes longer than this over one face is compared with wasm, ms. Slower, and 30 fps are out of reach. */
const SLOW_GPU_MS = 33;
const MEASURED_RUNS = 3;
/** A GPU that took longer than this to prepare is not waited for again when it is lost, ms: faces are to be followed again soon. */
const PATIENCE_MS = 1000;

type OnProgress = (progress: Progress) => void;

/** Everything that lives on the GPU context and goes with it. */
export interface Machine {
  readonly backend: Backend;
  readonly model: Model;
  readonly detector: Detector;
  readonly landmarker: Landmarker;
  /** How long it took to open the backend, build the networks and warm them up. */
  readonly preparedMs: number;
  dispose(): void;
}

export interface Download {
  readonly path: string;
  /** Whether it is one of the app's own, whose points a test holds to on every kind of backend. */
  readonly isProven: boolean;
  readonly model: ModelFiles;
  readonly detector: ModelFiles;
}

/** What a machine is built from. */
export interface Plan {
  readonly files: Download;
  readonly wanted: BackendName | 'auto';
  readonly maxFaces: number;
  readonly onProgress?: OnProgress;
}

/** Fetches and checks the model and the detector side by side; a model that was handed over is looked through instead. */
export async function downloadModels(options: CoreOptions, onProgress: OnProgress): Promise<Download> {
  const report =
    (what: string): OnBytes =>
    (loadedBytes, totalBytes) =>
      onProgress({ kind: 'download', what, loadedBytes, totalBytes });
  const [model, detector] = await Promise.all([
    typeof options.model === 'object'
      ? readModel(options.model)
      : downloadModel(options.model, options, report),
    loadFiles(options.modelsUrl, DETECTOR_FILES, report('the face detector'), options),
  ]);
  return { path: model.path, isProven: typeof options.model !== 'object', model: model.files, detector };
}

type Read = { readonly path: string; readonly files: ModelFiles };

async function downloadModel(
  id: string | undefined,
  options: CoreOptions,
  report: (what: string) => OnBytes,
): Promise<Read> {
  const { modelsUrl } = options;
  const { path, files, title } = findEntry(await loadRegistry(modelsUrl), id);
  return { path, files: await loadFiles(modelsUrl, files, report(title), options) };
}

async function readModel({ path, files: blobs }: ModelSource): Promise<Read> {
  const read = async ([name, blob]: readonly [string, Blob]): Promise<[string, ArrayBuffer]> => {
    try {
      return [name, await blob.arrayBuffer()];
    } catch (cause) {
      throw new EngineError('bad-model', `${name}: cannot be read any more`, { cause });
    }
  };
  const files = new Map(await Promise.all([...blobs].map(read)));
  checkModel(files, path);
  return { path, files };
}

/**
 * A machine on the wanted backend. With `auto`, a GPU that turns out slow is held against wasm, and the faster one stays:
 * small networks are often quicker on the CPU than on a weak GPU.
 */
export async function openMachine(plan: Plan): Promise<Machine> {
  const first = await buildMachine(plan);
  if (plan.wanted !== 'auto' || first.backend.readsPixels) return first;
  try {
    const gpuMs = await measure(first);
    if (gpuMs <= SLOW_GPU_MS) return first;
    return await orFaster(first, gpuMs, await buildMachine({ ...plan, wanted: 'wasm' }));
  } catch (error) {
    first.dispose();
    throw error;
  }
}

async function orFaster(gpu: Machine, gpuMs: number, wasm: Machine): Promise<Machine> {
  const wasmMs = await measure(wasm);
  const [kept, other] = wasmMs < gpuMs ? [wasm, gpu] : [gpu, wasm];
  other.dispose();
  await kept.backend.use();
  kept.backend.explain(
    `${gpu.backend.title} measured ${Math.round(gpuMs)} ms a face here, WebAssembly ${Math.round(wasmMs)} ms.`,
  );
  return kept;
}

/** Best time of one face through the network, ms. */
async function measure({ backend, landmarker }: Machine): Promise<number> {
  await backend.use();
  let best = Infinity;
  for (let i = 0; i < MEASURED_RUNS; i++) {
    const startMs = performance.now();
    await landmarker.idle(1);
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}

/**
 * A machine in place of one whose context is lost: on the same backend or, with `auto`, on the next one that works and is
 * quickly there.
 * @throws EngineError `context-lost`.
 */
export async function reopenMachine(plan: Plan, { backend: lost, preparedMs }: Machine): Promise<Machine> {
  const unfit = preparedMs > PATIENCE_MS ? tooSlow(lost, preparedMs) : new Map();
  try {
    const machine = await buildMachine(plan, unfit);
    const { backend } = machine;
    if (backend.name !== lost.name) backend.explain(`${lost.title} lost its context. ${backend.reason}`);
    return machine;
  } catch (cause) {
    throw new EngineError('context-lost', `backend ${lost.name}: lost its context and did not come back`, {
      cause,
    });
  }
}

/** Both GPU backends: what one of them waits for, the other would too. */
function tooSlow({ name, title }: Backend, preparedMs: number): Map<BackendName, string> {
  const other = name === 'webgl' ? 'webgpu' : 'webgl';
  return new Map<BackendName, string>([
    [name, `${title} took ${(preparedMs / 1000).toFixed(1)} s to prepare`],
    [other, `${titleOf(other)} may take as long`],
  ]);
}

/** With `auto`, a backend that starts and then fails to run the networks is passed over for the next. */
async function buildMachine(plan: Plan, unfit = new Map<BackendName, string>()): Promise<Machine> {
  let firstFailure: unknown = null;
  for (;;) {
    let tried: BackendName | null = null;
    const onProgress: OnProgress = (progress) => {
      if (progress.kind === 'backend') tried = progress.backend;
      plan.onProgress?.(progress);
    };
    try {
      return await assemble({ ...plan, onProgress }, unfit);
    } catch (thrown) {
      firstFailure ??= thrown;
      const { code, message } = toEngineError(thrown, 'networks');
      const another = plan.wanted === 'auto' && ['context-lost', 'bad-model', 'internal'].includes(code);
      if (!another || tried === null) throw firstFailure;
      unfit.set(tried, `${titleOf(tried)} could not run the networks (${message})`);
    }
  }
}

async function assemble(
  { files, wanted, maxFaces, onProgress }: Required<Plan>,
  unfit: ReadonlyMap<BackendName, string>,
): Promise<Machine> {
  const startMs = performance.now();
  const owned: { dispose(): void }[] = [];
  const disposeAll = () => owned.reverse().forEach((part) => part.dispose());
  const own = <T extends { dispose(): void }>(part: T): T => {
    owned.push(part);
    return part;
  };
  try {
    const onTry = (name: BackendName) => onProgress({ kind: 'backend', backend: name });
    const backend = own(await openBackend({ wanted, unfit, isProven: files.isProven, onTry }));
    const model = own(createModel(files.model, files.path));
    const detector = own(createDetector(files.detector, backend));
    const machine = {
      backend,
      model,
      detector,
      landmarker: createLandmarker(model, backend),
      dispose: disposeAll,
    };
    await warmUp(machine, maxFaces, onProgress);
    return { ...machine, preparedMs: performance.now() - startMs };
  } catch (error) {
    disposeAll();
    throw error;
  }
}

/** Each number of faces is a batch of its own shape, and so has shaders of its own. */
export async function warmUp(
  { backend, detector, landmarker }: Pick<Machine, 'backend' | 'detector' | 'landmarker'>,
  maxFaces: number,
  onProgress: OnProgress,
): Promise<void> {
  const counts = backend.readsPixels ? [1] : Array.from({ length: maxFaces }, (_, i) => i + 1);
  await backend.compile(
    () => [detector.dryRun(), ...counts.map((count) => landmarker.dryRun(count))],
    (done, total) => onProgress({ kind: 'shaders', done, total }),
  );
  const steps = [() => detector.idle(), ...counts.map((count) => () => landmarker.idle(count))];
  onProgress({ kind: 'warm-up', done: 0, total: steps.length });
  for (const [i, step] of steps.entries()) {
    await step();
    onProgress({ kind: 'warm-up', done: i + 1, total: steps.length });
  }
}
