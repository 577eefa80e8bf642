/** Whether a GPU gives the networks' own answers: some drivers compute wrong numbers without any error. */

import { openBackend, type Backend } from '../backend/select';
import { DETECTORS } from '../detect/detector-files';
import { DETECTOR_TOLERANCE } from '../detect/self-test';
import { EngineError } from '../errors';
import type { WasmFiles } from '../files';
import { createLandmarker, type Landmarker } from '../landmark/landmarker';
import { deviationOf, SELF_TEST_TOLERANCE } from '../landmark/self-test';
import { createModel, type Model } from '../model/graph-model';
import type { BackendName, DetectorName } from '../types';
import type { Download } from './download';

interface Tested {
  readonly backend: Backend;
  readonly model: Model;
  readonly landmarker: Landmarker;
}

/** Its own. */
type TestedFiles = Pick<Download, 'model' | 'path'>;

/**
 * Holds a GPU to what the detector's own files answer, at every start. @param answers to the self-test's drawing.
 * @throws EngineError `wrong-results`.
 */
export function checkDetector(
  { name }: Pick<Backend, 'name'>,
  detector: DetectorName,
  answers: Float32Array,
): void {
  check(
    name,
    'its face detector is',
    'the picture',
    deviationOf(answers, DETECTORS[detector].selfTest),
    DETECTOR_TOLERANCE,
  );
}

/**
 * Holds a GPU to the points that the model ships with, at every start. A model without them is held to wasm, once for each
 * driver where it can be remembered.
 * @param wasm of the build. @param memory name of the cache that remembers it.
 * @throws EngineError `wrong-results`.
 */
export async function checkResults(
  tested: Tested,
  files: TestedFiles,
  wasm: WasmFiles,
  memory?: string,
): Promise<void> {
  const { backend, model, landmarker } = tested;
  if (backend.readsPixels) return;
  const { selfTest } = model.manifest;
  const deviation = selfTest
    ? deviationOf(await landmarker.selfTestPoints(), selfTest)
    : await rememberedDeviation(tested, files, wasm, memory);
  check(backend.name, 'its points are', 'the crop', deviation, SELF_TEST_TOLERANCE);
}

/** @param what and its verb. @param whole of which the deviation is a share. */
function check(name: BackendName, what: string, whole: string, deviation: number, tolerance: number): void {
  if (deviation <= tolerance) return;
  const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
  const off = Number.isFinite(deviation) ? `off by ${percent(deviation)} of ${whole}` : 'no finite numbers';
  throw new EngineError(
    'wrong-results',
    `backend ${name}: ${what} ${off}, at most ${percent(tolerance)} is right`,
  );
}

async function rememberedDeviation(
  { backend, landmarker }: Tested,
  files: TestedFiles,
  wasm: WasmFiles,
  memory: string | undefined,
): Promise<number> {
  const cache = memory ? await openMemory(memory) : null;
  const key = cache && (await keyOf(files, backend.driver));
  const known = key ? await cache.match(key).catch(() => undefined) : undefined;
  if (known) return Number(await known.text());
  const found = await landmarker.selfTestPoints();
  const wanted = await pointsOnWasm(files, wasm);
  await backend.use();
  // Without wasm there is nothing to hold it to.
  if (!wanted) return 0;
  const deviation = deviationOf(found, wanted);
  // Where it cannot be kept, it is measured again at the next start.
  if (key) await cache.put(key, new Response(String(deviation))).catch(() => undefined);
  return deviation;
}

/** Null where the browser forbids it. */
const openMemory = async (name: string): Promise<Cache | null> =>
  (await globalThis.caches?.open(name).catch(() => null)) ?? null;

/** Of the model's files and the driver, as an address. Null on insecure pages, which have no hashes. */
async function keyOf({ model, path }: TestedFiles, driver: string): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const names = [...model.keys()].sort();
  const bytes = await new Blob([
    path,
    driver,
    ...names.flatMap((name) => [name, model.get(name)!]),
  ]).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `https://self-test.invalid/${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The points that the CPU finds; null where wasm does not start. Another backend is then current. */
async function pointsOnWasm(
  { model: files, path }: TestedFiles,
  wasm: WasmFiles,
): Promise<Float32Array | null> {
  const backend = await openBackend({ wanted: 'wasm', wasm }).catch(() => null);
  if (!backend) return null;
  try {
    const model = createModel(files, path);
    try {
      return await createLandmarker(model, backend, null).selfTestPoints();
    } finally {
      model.dispose();
    }
  } finally {
    backend.dispose();
  }
}
