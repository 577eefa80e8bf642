/**
 * Mien's engine: 68 landmarks on every face of a picture or a video, in the browser. This folder is the library: it knows
 * no page and no framework. Its folders import only from those before them: the files beside this one, backend, model,
 * teach, landmark, inspect, detect, signals, gaze, track, pipeline, api, and this file last.
 *
 * ```ts
 * const engine = await createEngine({ maxFaces: 2 });
 * const { faces } = await engine.detect(photo);                        // a picture
 * const result = await engine.track(await createImageBitmap(video), performance.now()); // a video, frame by frame
 * await engine.dispose();
 * ```
 */

import { createEngineWith } from './api/create';
import type { Engine } from './api/browser-exports';
import { shippedFiles } from './api/shipped-files';
import type { EngineOptions } from './types';

export * from './api/browser-exports';

/**
 * Loads a model, the face detector and, for gaze, the eye network, picks backend and thread, and warms the networks up.
 * @throws EngineError with a `code`: `bad-option`, `model-missing`, `download-failed`, `hash-mismatch`, `bad-registry`,
 * `bad-manifest`, `bad-model`, `no-backend`, `wrong-results`, `worker-failed`, `unresponsive`; or the signal's reason.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  return createEngineWith(shippedFiles(), options);
}
