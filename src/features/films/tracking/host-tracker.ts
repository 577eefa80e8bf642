/**
 * Tracks frames on the app's engine, one turn each, so that live frames and pictures come in between. Tracks begin anew where
 * live frames used the engine meanwhile, since its tracks are theirs then.
 */

import type { Engine } from '../../../engine';
import { isEngineGone } from '../../../services/engine/engine-gone';
import type { EngineHost, EngineRequest } from '../../../services/engine/engine-host';
import { NEWCOMER_INTERVAL_MS, type FrameTracker } from './frame-tracker';

export type FilmHost = Pick<EngineHost, 'run' | 'liveTurns' | 'progress'>;

export interface HostTrackerOptions {
  readonly model: string | null;
  readonly maxFaces: number;
  /** 0..1 */
  readonly smoothing: number;
}

export interface HostTracker extends FrameTracker {
  /** Whether gaze is left out, for want of its network. */
  readonly lacksGaze: boolean;
}

export function createHostTracker(
  host: FilmHost,
  { model, maxFaces, smoothing }: HostTrackerOptions,
): HostTracker {
  let engineBefore: Engine | null = null;
  let liveTurns = -1;
  let epoch = 0;
  let lacksGaze = false;

  async function prepare(engine: Engine, isAnew: boolean, signal: AbortSignal): Promise<void> {
    const isOurs = engine === engineBefore && host.liveTurns === liveTurns;
    if (!isOurs || isAnew) await engine.reset({ signal });
    if (engine !== engineBefore) epoch += 1;
    engineBefore = engine;
    liveTurns = host.liveTurns;
  }

  const request = (signal: AbortSignal): EngineRequest => ({
    ...{ model, priority: 'batch', signal },
    tuning: {
      ...{ maxFaces, smoothing, signals: true, gaze: !lacksGaze },
      newcomerIntervalMs: NEWCOMER_INTERVAL_MS,
    },
    onNoGaze: () => (lacksGaze = true),
  });

  const trackOnce: FrameTracker['track'] = (makeBitmap, timeMs, isAnew, signal) =>
    host.run(request(signal), async (engine, turnSignal) => {
      await prepare(engine, isAnew, turnSignal);
      const result = await engine.track(await makeBitmap(), timeMs, { signal: turnSignal });
      if (!result) throw new Error('engine: dropped a frame of a film');
      return { faces: result.faces, epoch, manifest: engine.info.manifest };
    });

  return {
    get lacksGaze() {
      return lacksGaze;
    },
    async track(makeBitmap, timeMs, isAnew, signal) {
      try {
        return await trackOnce(makeBitmap, timeMs, isAnew, signal);
      } catch (thrown) {
        // Once more on another engine; a frame on which two engines fail is at fault itself.
        if (!isEngineGone(thrown) || signal.aborted) throw thrown;
        return trackOnce(makeBitmap, timeMs, isAnew, signal);
      }
    },
  };
}
