/** The package's entry: the engine, with the models beside it. */

import { createEngineWith } from '../src/engine/api/create';
import type { Engine, EngineOptions } from '../src/engine/api/browser-exports';
import { checkOptions } from '../src/engine/bad-option';
import { modelsOver } from '../src/engine/models-url';
import { packageFiles, packageModels } from './addresses';

export * from '../src/engine/api/browser-exports';

/**
 * Loads a model and the face detector, picks backend and thread, and warms the networks up.
 * @param options `modelsUrl` is by default the package's own models.
 * @throws EngineError with a `code`: `bad-option`, `model-missing`, `download-failed`, `hash-mismatch`, `bad-registry`,
 * `bad-manifest`, `bad-model`, `no-backend`, `wrong-results`, `worker-failed`, `unresponsive`; or the signal's reason.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  checkOptions(options);
  const modelsUrl = modelsOver(packageModels(), options.modelsUrl);
  return createEngineWith(packageFiles(), { ...options, modelsUrl });
}
