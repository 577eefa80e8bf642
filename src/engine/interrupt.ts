/**
 * Some promises never settle: a read-back after the GPU context is lost, a call into a worker that died. A guard settles
 * them. (`Promise.race` against one long-lived promise would keep every frame's result alive.)
 */

export interface Interrupt {
  /** As `promise`, but rejects at once with the error given to `trip`, also when that came before. */
  guard<T>(promise: Promise<T>): Promise<T>;
  trip(error: unknown): void;
}

export function createInterrupt(): Interrupt {
  const waiting = new Set<(error: unknown) => void>();
  let tripped: { readonly error: unknown } | null = null;
  return {
    guard(promise) {
      return new Promise((resolve, reject) => {
        if (tripped) {
          promise.catch(() => {});
          reject(tripped.error);
          return;
        }
        waiting.add(reject);
        promise.then(resolve, reject).finally(() => waiting.delete(reject));
      });
    },
    trip(error) {
      tripped ??= { error };
      for (const reject of waiting) reject(tripped.error);
      waiting.clear();
    },
  };
}
