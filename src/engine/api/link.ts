/** What the page knows of a pipeline, wherever it runs: its state, signs of life, and its end. */

import { EngineError } from '../errors';
import { createInterrupt } from '../interrupt';
import type { PipelineEvents, PipelineState } from '../pipeline/types';
import type { BackendName, Progress } from '../types';
import { UNRESPONSIVE_MS } from './limits';

/** The wait is counted in steps rather than by the clock: a device that slept in between has not hung. */
const STEPS = 10;

export interface Link {
  /** As last told by the pipeline; null before it is made. */
  readonly state: PipelineState | null;
  readonly hasEnded: boolean;
  /** For the pipeline to call. */
  readonly events: PipelineEvents;
  /**
   * As `promise`, but rejects when the link ends, and ends the link with EngineError `unresponsive` after `UNRESPONSIVE_MS`
   * without a sign of life.
   */
  guard<T>(promise: Promise<T>): Promise<T>;
  /** As `guard`, for the making of the pipeline: downloads may take as long as they like. */
  guardStart<T>(promise: Promise<T>): Promise<T>;
  /** Rejects whatever is guarded, now and later, with the error, and stops the pipeline. Only the first call counts. */
  end(error: unknown): void;
}

/**
 * @param stop ends the pipeline at once, whatever it does.
 * @param onHung is told on which backend a call hung, where one was tried already.
 */
export function createLink(
  onProgress: (progress: Progress) => void,
  stop: () => void,
  onHung: (backend: BackendName) => void = () => {},
): Link {
  const interrupt = createInterrupt();
  let state: PipelineState | null = null;
  let hasEnded = false;
  let silentSteps = 0;
  let tried: BackendName | null = null;
  const onAlive = () => void (silentSteps = 0);

  function end(error: unknown): void {
    if (hasEnded) return;
    hasEnded = true;
    interrupt.trip(error);
    stop();
  }

  function count(): void {
    if (++silentSteps < STEPS) return;
    const seconds = UNRESPONSIVE_MS / 1000;
    if (!hasEnded && tried) onHung(tried);
    end(new EngineError('unresponsive', `engine: gave no sign of life for ${seconds} s and was stopped`));
  }

  async function watch<T>(promise: Promise<T>): Promise<T> {
    const timer = setInterval(count, UNRESPONSIVE_MS / STEPS);
    try {
      return await interrupt.guard(promise);
    } finally {
      clearInterval(timer);
    }
  }

  return {
    get state() {
      return state;
    },
    get hasEnded() {
      return hasEnded;
    },
    events: {
      onProgress(progress) {
        if (progress.kind !== 'download') onAlive();
        if (progress.kind === 'backend') tried = progress.backend;
        try {
          onProgress(progress);
        } catch (error) {
          // A worker's pipeline does not wait for the answer.
          end(error);
          throw error;
        }
      },
      onAlive,
      onState(next) {
        onAlive();
        state = next;
        tried = next.info.backend;
      },
    },
    guard(promise) {
      onAlive();
      return watch(promise);
    },
    guardStart(promise) {
      silentSteps = -Infinity;
      return watch(promise);
    },
    end,
  };
}
