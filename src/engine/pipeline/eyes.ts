/** The eye network beside the others, once gaze is asked for: on their backend, and gone with them. */

import type { Backend } from '../backend/select';
import { createEyeNetwork, type EyeNetwork } from '../gaze/eye-network';
import { EYE_PATH } from '../gaze/eye-files';
import { EngineError } from '../errors';
import type { WasmFiles } from '../files';
import type { Model } from '../model/graph-model';
import type { ModelFiles } from '../model/model-files';
import type { PipelineOptions } from '../options';
import type { Progress } from '../types';
import { downloadEye } from './download';
import { checkResults } from './self-test';
import { warmUp } from './warm-up';

/** How often a download within a call gives a sign of life, ms. */
const ALIVE_INTERVAL_MS = 2000;
/** Calls wait for it: one that takes longer has failed, and everything goes on without gaze, ms. */
const MAX_FETCH_MS = 20_000;

interface EyesPlan {
  readonly maxFaces: number;
  readonly wasm: WasmFiles;
  readonly memory?: string;
  readonly onProgress: (progress: Progress) => void;
  readonly pause?: () => Promise<void>;
}

/** Networks that can do without, and know whether they have it. */
interface WithoutEyes {
  readonly backend: Backend;
  readonly model: Model;
  readonly eyes: EyeNetwork | null;
  dispose(): void;
}

/**
 * The same networks and that of the eyes, warmed up and, on a GPU, held to what it ought to find; dispose these instead.
 * @throws EngineError `wrong-results` and whatever the backend throws; the given networks then stay as they are.
 */
export async function withEyes<T extends WithoutEyes>(
  networks: T,
  files: ModelFiles,
  { maxFaces, wasm, memory, onProgress, pause }: EyesPlan,
): Promise<T> {
  const { backend, model } = networks;
  await backend.use();
  const eyes = createEyeNetwork(files, backend, model.manifest);
  try {
    await backend.quicken(Object.values(eyes.model.graph.weights).flat());
    await warmUp({ backend, perFace: [eyes] }, maxFaces, onProgress, pause);
    await checkResults({ backend, ...eyes }, { model: files, path: EYE_PATH }, wasm, memory);
  } catch (error) {
    eyes.dispose();
    throw error;
  }
  return {
    ...networks,
    eyes,
    dispose() {
      eyes.dispose();
      networks.dispose();
    },
  };
}

/** The eye network of networks that gaze was asked of. */
export function eyesOf({ eyes }: Pick<WithoutEyes, 'eyes'>): EyeNetwork {
  if (!eyes) throw new EngineError('internal', 'gaze: the eye network is not there');
  return eyes;
}

/**
 * Fetches the eye network within a call.
 * @throws EngineError `download-failed`, also where it takes longer than `MAX_FETCH_MS`; the signal's reason
 */
export async function fetchEye(
  options: Pick<PipelineOptions, 'modelsUrl' | 'cache'>,
  onAlive: () => void,
  signal: AbortSignal,
): Promise<ModelFiles> {
  const fetching = new AbortController();
  const tooLong = new EngineError(
    'download-failed',
    `gaze: the eye network did not come within ${MAX_FETCH_MS / 1000} s`,
  );
  const end = () => fetching.abort(signal.reason);
  signal.addEventListener('abort', end);
  const timer = setInterval(onAlive, ALIVE_INTERVAL_MS);
  const limit = setTimeout(() => fetching.abort(tooLong), MAX_FETCH_MS);
  try {
    signal.throwIfAborted();
    return await downloadEye(options, () => {}, fetching.signal);
  } finally {
    clearInterval(timer);
    clearTimeout(limit);
    signal.removeEventListener('abort', end);
  }
}
