/** Tuning an engine to gaze where its network may be out of reach, as without a connection. */

import type { Engine } from '../engine';
import type { CallOptions, Tuning } from '../engine/types';
import { isEngineGone } from './engine-host.svelte';

/**
 * Without gaze where that is what fails: everything else works without it.
 * @returns why there is no gaze, or null
 * @throws what `Engine.tune` throws for any other reason
 */
export async function tuneEngine(
  engine: Pick<Engine, 'tune'>,
  tuning: Tuning,
  options: CallOptions,
): Promise<unknown> {
  try {
    await engine.tune(tuning, options);
    return null;
  } catch (thrown) {
    if (!tuning.gaze || options.signal?.aborted || isEngineGone(thrown)) throw thrown;
    await engine.tune({ ...tuning, gaze: false }, options);
    return thrown;
  }
}
