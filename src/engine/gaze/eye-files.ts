/** The eye network's files: no model that one chooses, so that they are in no registry. */

import type { FileRecord } from '../model/cache';

/** Of the graph among them. */
export const EYE_PATH = 'eye/model.json';

/** As they lie in `static/models/eye`: the one place that names them. */
export const EYE_FILES: readonly FileRecord[] = [
  {
    path: EYE_PATH,
    bytes: 22169,
    sha256: '7a5f09ec1dc326220b2edf25f100aa57f049d10f086578585a76cf77ebf769f5',
  },
  {
    path: 'eye/group1-shard1of1.bin',
    bytes: 111872,
    sha256: 'db5f9d363fe7f8893ca56ab8203341b2fc2ed80348f8895755413b78a78a3708',
  },
];
