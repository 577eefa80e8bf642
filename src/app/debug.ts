/** `?debug`: the live session and its results on `window.mien`, for browser tests and measurements. */

import type { EngineInfo, Result } from '../engine/types';
import type { CreateEngine } from '../services/engine/loaded-engines.svelte';
import type { LiveSession, LiveState } from '../features/live/session.svelte';

/** How many results are kept, the newest: at 30 a second more than five minutes. */
const keptResults = 10_000;

export interface MienDebug {
  readonly results: Result[];
  readonly state: LiveState;
  readonly info: EngineInfo | null;
  readonly session: LiveSession;
  readonly createEngine: CreateEngine;
}

export function exposeForDebugging(session: LiveSession, createEngine: CreateEngine): void {
  const results: Result[] = [];
  session.results.onResult = (result) => {
    if (results.push(result) > keptResults) results.shift();
  };
  const debug: MienDebug = {
    results,
    get state() {
      return session.state;
    },
    get info() {
      return session.info;
    },
    session,
    createEngine,
  };
  Object.assign(window, { mien: debug });
}
