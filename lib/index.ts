/** The package's entry: the engine, with the models beside it. */

import { createEngineWith } from '../src/engine/api/create';
import type { Engine, EngineOptions } from '../src/engine/api/browser-exports';
import { checkOptions } from '../src/engine/bad-option';
import { EngineError } from '../src/engine/errors';
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
  const { files, models } = ownAddresses();
  const modelsUrl = modelsOver(models, options.modelsUrl);
  return createEngineWith(files, { ...options, modelsUrl });
}

/** @throws EngineError where a bundler wrote a script that is no module, which has no address to count from. */
function ownAddresses() {
  try {
    return { files: packageFiles(), models: packageModels() };
  } catch (cause) {
    throw new EngineError(
      'download-failed',
      'engine: its files have no address, since it was bundled without import.meta.url; write ES modules, or give it an ' +
        'address as the README says. In Node, import createEngine from mien/node',
      { cause },
    );
  }
}
