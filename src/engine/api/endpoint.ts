/** Comlink's end of a port or a worker, of which nothing is left once it is released. */

import type * as Comlink from 'comlink';

export interface ReleasableEndpoint extends Comlink.Endpoint {
  /** Removes what Comlink listens with: it keeps its listeners for as long as the other end does not say goodbye. */
  release(): void;
}

export function releasable(target: Worker | MessagePort): ReleasableEndpoint {
  const listeners = new Map<EventListenerOrEventListenerObject, string>();
  return {
    postMessage: (message: unknown, transfer: Transferable[] = []) => target.postMessage(message, transfer),
    addEventListener(type, listener) {
      listeners.set(listener, type);
      target.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      listeners.delete(listener);
      target.removeEventListener(type, listener);
    },
    start: () => (target as Partial<MessagePort>).start?.(),
    release() {
      for (const [listener, type] of listeners) target.removeEventListener(type, listener);
      listeners.clear();
    },
  };
}
