/** A taught model as one that runs. */

import type { ModelSource } from '../types';

export const TAUGHT_FILE = 'taught.json';

/** A taught model's file as a model for `createEngine`. */
export function taughtSource(file: Uint8Array<ArrayBuffer>): ModelSource {
  return {
    path: TAUGHT_FILE,
    files: new Map([[TAUGHT_FILE, new Blob([file], { type: 'application/json' })]]),
  };
}
