/** How Photos uses the engine host. */

import type { Engine } from '../../engine';
import { EngineError } from '../../engine/errors';
import { isEngineGone } from '../../services/engine/engine-gone';
import type { EngineHost, EngineRequest } from '../../services/engine/engine-host';

export type EngineAccess = Pick<EngineHost, 'run' | 'progress'>;

/** As `run`, once more where the engine was lost over it: its worker ended, or its GPU went away. */
export async function runOnEngine<T>(
  host: EngineAccess,
  request: EngineRequest,
  use: (engine: Engine, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let wasLost = false;
  const run = () =>
    host.run(request, async (engine, signal) => {
      try {
        return await use(engine, signal);
      } catch (thrown) {
        wasLost = isEngineGone(thrown) && !isHang(thrown) && !signal.aborted;
        throw thrown;
      }
    });
  try {
    return await run();
  } catch (thrown) {
    if (wasLost) return run();
    throw thrown;
  }
}

/** Faults that say nothing of the picture that was being processed. One on which the engine hangs is taken for the cause. */
export function isOfEngine(thrown: unknown): boolean {
  return thrown instanceof EngineError && !['bad-image', 'internal'].includes(thrown.code) && !isHang(thrown);
}

function isHang(thrown: unknown): boolean {
  return thrown instanceof EngineError && thrown.code === 'unresponsive';
}
