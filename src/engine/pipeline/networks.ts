/** The networks on a backend: built, warmed up and disposed together. */

import type { GpuProbe } from '../backend/capabilities';
import { openBackend, type Backend } from '../backend/select';
import { titleOf } from '../backend/titles';
import { createDetector, type Detector } from '../detect/detector';
import { EngineError, toEngineError, type EngineErrorCode } from '../errors';
import type { WasmFiles } from '../files';
import type { EyeNetwork } from '../gaze/eye-network';
import { createInspector, type Inspector } from '../inspect/inspector';
import { createLandmarker, type Landmarker } from '../landmark/landmarker';
import { createModel, type Model } from '../model/graph-model';
import type { BackendName, Progress } from '../types';
import type { Download } from './download';
import { withEyes } from './eyes';
import { checkDetector, checkResults } from './self-test';
import { warmUp } from './warm-up';

/** A GPU that takes longer than this over one face is compared with wasm, ms. Slower, and 30 fps are out of reach. */
const SLOW_GPU_MS = 33;
const MEASURED_RUNS = 3;
/** A lost GPU that took longer than this to prepare is not prepared again, ms: tracking should resume soon. */
const PATIENCE_MS = 1000;

/** Failures that may lie in the backend, and what is said of some of them. */
const BACKEND_FAULTS: readonly EngineErrorCode[] = [
  'context-lost',
  'wrong-results',
  'unresponsive',
  'bad-model',
  'internal',
];
const FAULTS: Partial<Record<EngineErrorCode, string>> = {
  'wrong-results': 'gives wrong results',
  unresponsive: 'stopped responding',
};

type OnProgress = (progress: Progress) => void;

/** Everything that lives on the GPU context and goes with it. */
export interface Networks {
  readonly backend: Backend;
  readonly model: Model;
  readonly detector: Detector;
  readonly landmarker: Landmarker;
  readonly inspector: Inspector;
  /** Null while nobody asked for gaze. */
  readonly eyes: EyeNetwork | null;
  /** How long it took to open the backend, build the networks and warm them up. */
  readonly preparedMs: number;
  /** Best time of one face through the landmark network, ms; null where it was not measured. */
  readonly faceMs: number | null;
  dispose(): void;
}

/** What networks are built from. */
export interface NetworksPlan {
  readonly files: Download;
  readonly wanted: BackendName | 'auto';
  /** Of the build. */
  readonly wasm: WasmFiles;
  readonly maxFaces: number;
  /** Backends that hung before, and why each is passed over with `auto`. */
  readonly hung?: ReadonlyMap<BackendName, string>;
  /** Where it is remembered which GPUs a model was tried on; undefined: nowhere. */
  readonly memory?: string;
  /** Of this thread's GPU, for the first try; default: it is probed. */
  readonly probe?: GpuProbe;
  readonly onProgress?: OnProgress;
}

interface Build extends NetworksPlan {
  /** Whether its speed is measured. A GPU that fails then has failed. */
  readonly isMeasured?: boolean;
}

/**
 * The networks on the wanted backend. With `auto`, a GPU that turns out slow is compared with wasm, and the faster one stays:
 * small networks are often quicker on the CPU than on a weak GPU.
 */
export async function openNetworks(plan: NetworksPlan): Promise<Networks> {
  const first = await buildNetworks({ ...plan, isMeasured: plan.wanted === 'auto' });
  const { backend, faceMs } = first;
  if (backend.readsPixels || faceMs === null || faceMs <= SLOW_GPU_MS) return first;
  return orFaster(first, faceMs, plan);
}

async function orFaster(gpu: Networks, gpuMs: number, plan: NetworksPlan): Promise<Networks> {
  const measured = `${gpu.backend.title} measured ${Math.round(gpuMs)} ms a face here`;
  try {
    const wasm = await buildNetworks({ ...plan, wanted: 'wasm', isMeasured: true });
    const wasmMs = wasm.faceMs!;
    const [kept, other] = wasmMs < gpuMs ? [wasm, gpu] : [gpu, wasm];
    other.dispose();
    await kept.backend.use();
    kept.backend.explain(`${measured}, WebAssembly ${Math.round(wasmMs)} ms.`);
    return kept;
  } catch (thrown) {
    // A slow GPU is better than none, where a policy forbids WebAssembly or there is no memory for it.
    await gpu.backend.use();
    gpu.backend.explain(
      `${measured}; WebAssembly could not be tried (${toEngineError(thrown, 'networks').message}).`,
    );
    return gpu;
  }
}

/** Best time of one face through the network, ms. */
async function measure(landmarker: Landmarker): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < MEASURED_RUNS; i++) {
    const startMs = performance.now();
    await landmarker.runIdle(1);
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}

/**
 * Networks in place of those whose context is lost: on the same backend or, with `auto`, on the next one that works and is
 * prepared quickly.
 * @throws EngineError `context-lost`.
 */
export async function reopenNetworks(
  plan: NetworksPlan,
  { backend: lost, preparedMs }: Networks,
): Promise<Networks> {
  const { hung } = lost;
  const sameAgain = hung !== null && plan.wanted !== 'auto';
  if (sameAgain) throw new EngineError('unresponsive', `backend ${lost.name}: ${hung}`);
  const slow = !hung && preparedMs > PATIENCE_MS ? tooSlow(lost, preparedMs) : [];
  const unfit = new Map<BackendName, string>([...(plan.hung ?? []), ...slow]);
  if (hung) unfit.set(lost.name, `${lost.title} ${hung}`);
  try {
    const networks = await buildNetworks(plan, unfit);
    const { backend } = networks;
    if (!hung && backend.name !== lost.name)
      backend.explain(`${lost.title} lost its context. ${backend.reason}`);
    return networks;
  } catch (cause) {
    throw new EngineError('context-lost', `backend ${lost.name}: lost its context and did not come back`, {
      cause,
    });
  }
}

/** Both GPU backends: they compile the same shaders on the same driver. */
function tooSlow({ name, title }: Backend, preparedMs: number): Map<BackendName, string> {
  const other = name === 'webgl' ? 'webgpu' : 'webgl';
  return new Map<BackendName, string>([
    [name, `${title} took ${(preparedMs / 1000).toFixed(1)} s to prepare`],
    [other, `${titleOf(other)} may take as long`],
  ]);
}

/** With `auto`, a backend that starts and then fails to run the networks is passed over for the next. */
async function buildNetworks(
  plan: Build,
  unfit = new Map<BackendName, string>(plan.hung),
): Promise<Networks> {
  let firstFailure: unknown = null;
  let { probe } = plan;
  for (;;) {
    let tried: BackendName | null = null;
    const onProgress: OnProgress = (progress) => {
      if (progress.kind === 'backend') tried = progress.backend;
      plan.onProgress?.(progress);
    };
    try {
      return await assemble({ ...plan, probe, onProgress }, unfit);
    } catch (thrown) {
      firstFailure ??= thrown;
      // A GPU that failed may have changed what there is.
      probe = undefined;
      const { code, message } = toEngineError(thrown, 'networks');
      const another = plan.wanted === 'auto' && BACKEND_FAULTS.includes(code);
      if (!another || tried === null) throw firstFailure;
      const what = FAULTS[code] ?? 'could not run the networks';
      unfit.set(tried, `${titleOf(tried)} ${what} (${message})`);
    }
  }
}

async function assemble(
  {
    files,
    wanted,
    wasm,
    maxFaces,
    memory,
    probe,
    isMeasured,
    onProgress,
  }: Build & Required<Pick<Build, 'onProgress'>>,
  unfit: ReadonlyMap<BackendName, string>,
): Promise<Networks> {
  const startMs = performance.now();
  const owned: { dispose(): void }[] = [];
  const disposeAll = () =>
    owned
      .splice(0)
      .reverse()
      .forEach((part) => part.dispose());
  const own = <T extends { dispose(): void }>(part: T): T => {
    owned.push(part);
    return part;
  };
  try {
    const onTry = (name: BackendName) => onProgress({ kind: 'backend', backend: name });
    const backend = own(await openBackend({ wanted, wasm, unfit, isProven: files.isProven, onTry, probe }));
    const model = own(createModel(files.model, files.path));
    await backend.quicken(Object.values(model.graph.weights).flat());
    const detector = own(createDetector(files.detector.files, files.detector.path, backend));
    const networks = {
      backend,
      model,
      detector,
      landmarker: createLandmarker(model, backend, files.taught),
      inspector: createInspector(model, backend),
      eyes: null,
      dispose: disposeAll,
    };
    const answers = await warmUp({ backend, detector, perFace: [networks.landmarker] }, maxFaces, onProgress);
    if (answers) checkDetector(backend, files.detector.name, answers);
    await checkResults(networks, files, wasm, memory);
    const testedMs = performance.now();
    const faceMs = isMeasured ? await measure(networks.landmarker) : null;
    const measuringMs = performance.now() - testedMs;
    const eyeFiles = files.eye;
    const whole = eyeFiles
      ? await withEyes(networks, eyeFiles, { maxFaces, wasm, memory, onProgress })
      : networks;
    return { ...whole, faceMs, preparedMs: performance.now() - startMs - measuringMs };
  } catch (error) {
    disposeAll();
    throw error;
  }
}
