/** How many faces go through the network at once. */

/**
 * Most faces in one batch, whose maps are in memory together. On wasm 30 faces took 4 passes and 1.5 s of `landmarks`, where 30
 * single ones took 2.4 s.
 */
export const MAX_BATCH = 8;

/** A batch: so many faces, run as `size`; what is over is padding. */
export interface Batch {
  readonly from: number;
  readonly faces: number;
  readonly size: number;
}

/**
 * @param faces how many there are.
 * @param warm on a GPU the largest batch that was warmed up, as every size up to it was: other sizes cost new shaders, so that
 *   only one more, `largest`, is used, where it saves passes. Null where the CPU does the work: any size is as good.
 */
export function batchesOf(faces: number, warm: number | null, largest: number = MAX_BATCH): Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < faces;) {
    const left = faces - from;
    const whole = Math.min(left, largest);
    // More than half full, a padded batch takes less than its faces would in small ones.
    const isLarge = warm === null || left > Math.max(warm, largest / 2);
    const count = isLarge ? whole : Math.min(left, warm);
    batches.push({ from, faces: count, size: isLarge && warm !== null ? largest : count });
    from += count;
  }
  return batches;
}
