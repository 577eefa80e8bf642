/** The eye network's files: no model that one chooses, so that they are in no registry. */

import type { FileRecord } from '../model/cache';

/** Of the graph among them. */
export const EYE_PATH = 'eye/model.json';

/** As they lie in `static/models/eye`: the one place that names them. */
export const EYE_FILES: readonly FileRecord[] = [
  {
    path: EYE_PATH,
    bytes: 22341,
    sha256: 'd68dbce67f664ed64978f5bfddcf6ecae60cd9eb1f68c809651d9038a7f9fd8d',
  },
  {
    path: 'eye/group1-shard1of1.bin',
    bytes: 111872,
    sha256: '39f79333032812d48d8d3adc2a80f082866870579eae4d354ea4dfa77c8c5290',
  },
];
