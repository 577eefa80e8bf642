/** The package's entry: the engine, with the models beside it. */

import { createEngineWith } from '../src/engine/api/create';
import type { Engine, EngineOptions } from '../src/engine/api/exports';
import { packageFiles, packageModels } from './addresses';

export * from '../src/engine/api/exports';

/**
 * Loads a model and the face detector, picks backend and thread, and warms the networks up.
 * @param options `modelsUrl` is by default the package's own models.
 * @throws EngineError with a `code`: `bad-option`, `model-missing`, `download-failed`, `hash-mismatch`, `bad-registry`,
 * `bad-manifest`, `bad-model`, `no-backend`, `worker-failed`, `unresponsive`; or the signal's reason.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { modelsUrl } = options;
  const models = typeof modelsUrl === 'string' ? modelsUrl : { ...packageModels(), ...modelsUrl };
  return createEngineWith(packageFiles(), { ...options, modelsUrl: models });
}
