/** The package's entry: the engine, with the models that lie beside it. */

import { createEngine as createEngineFrom, type Engine, type EngineOptions } from '../src/engine';

export * from '../src/engine';

/** Where the package's own models lie. */
const packageModels = new URL(/* @vite-ignore */ './models/', import.meta.url).href;

/**
 * Loads a model and the face detector, picks backend and thread, and warms the networks up.
 * @param options `modelsUrl` is by default the package's own folder `models/`.
 * @throws EngineError with a `code`: `bad-option`, `model-missing`, `download-failed`, `hash-mismatch`, `bad-registry`,
 * `bad-manifest`, `bad-model`, `no-backend`, `worker-failed`.
 */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return createEngineFrom({ ...options, modelsUrl: options.modelsUrl ?? packageModels });
}
