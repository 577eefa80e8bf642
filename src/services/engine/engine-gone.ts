/** Errors that say that the engine is gone, through no fault of what was asked of it. */

import { EngineError } from '../../engine/errors';

/** The engine was made anew for somebody else's model. */
export class EngineReplacedError extends Error {
  override readonly name = 'EngineReplacedError';

  constructor() {
    super('engine: has another model now');
  }
}

/** Whether the engine is gone, through no fault of what was asked of it: the next request gets another. */
export function isEngineGone(thrown: unknown): boolean {
  if (thrown instanceof EngineReplacedError) return true;
  return (
    thrown instanceof EngineError && ['worker-failed', 'context-lost', 'unresponsive'].includes(thrown.code)
  );
}
