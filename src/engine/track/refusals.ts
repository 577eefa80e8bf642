/** Where the detector took something for a face and the network saw none: whoever waits beside it comes before it the next time. */

import type { Detection } from '../detect/blazeface';
import type { Box } from '../types';
import { isOnFace, type Crop, type Observation } from './association';

/** How long a place is remembered, ms: a few rounds of looks from closer. */
const MEMORY_MS = 1000;

interface Refusal {
  readonly box: Box<'image'>;
  readonly timeMs: number;
}

export interface Refusals {
  /** Those that were not refused, best first as they come, then those whose refusal is the longest ago. */
  inTurn(detections: readonly Detection[], timeMs: number): readonly Detection[];
  /** @param crops all that the network was shown. @param found the faces it saw in them */
  note(crops: readonly Crop[], found: readonly Observation[], timeMs: number): void;
  clear(): void;
}

export function createRefusals(): Refusals {
  let refusals: readonly Refusal[] = [];
  return {
    inTurn(detections, timeMs) {
      refusals = refusals.filter((one) => timeMs - one.timeMs < MEMORY_MS);
      const lastMs = ({ box }: Detection) =>
        refusals.findLast((one) => isOnFace(box, one.box))?.timeMs ?? -Infinity;
      const waiting = detections.map((detection) => ({ detection, lastMs: lastMs(detection) }));
      const byTime = waiting.sort((one, other) =>
        one.lastMs === other.lastMs ? 0 : one.lastMs - other.lastMs,
      );
      return byTime.map(({ detection }) => detection);
    },
    note(crops, found, timeMs) {
      const isFound = ({ box }: Detection) => found.some(({ prediction }) => isOnFace(box, prediction.box));
      const refused = crops.flatMap(({ detection }) => (detection && !isFound(detection) ? detection : []));
      refusals = [...refusals, ...refused.map(({ box }) => ({ box, timeMs }))];
    },
    clear() {
      refusals = [];
    },
  };
}
