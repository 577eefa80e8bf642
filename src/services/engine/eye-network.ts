/** The eye network's files, which gaze needs. */

import { EYE_FILES } from '../../engine/gaze/eye-files';
import { loadFiles } from '../../engine/model/fetch';
import { modelsCache, modelsUrl } from '../../shared/addresses';

/** What is fetched, bytes. */
export const eyeNetworkBytes = EYE_FILES.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Fetches them into the cache, where the engine finds them: fetched by the engine, within a turn, all others would wait for them. Where
 * the browser keeps nothing, that is what happens all the same.
 * @throws EngineError where they cannot be had
 */
export async function fetchEyeNetwork(): Promise<void> {
  await loadFiles(modelsUrl(), EYE_FILES, () => undefined, { cache: modelsCache });
}
