/** The eye network's files: no model that one chooses, so that they are in no registry. */

import type { FileRecord } from '../model/cache';

/** Of the graph among them. */
export const EYE_PATH = 'eye/model.json';

/** As `mien.eye` wrote them to `static/models/eye`. */
export const EYE_FILES: readonly FileRecord[] = [
  {
    path: EYE_PATH,
    bytes: 22166,
    sha256: 'b9566ef6f133338148d01ff9c274d0df935bb5d0a91228e94bf644b58a5d3852',
  },
  {
    path: 'eye/group1-shard1of1.bin',
    bytes: 111872,
    sha256: '71428fcc161349263c4c2f7b35a4b6fed9ea91114d3c8eb779ad89a5c43349b1',
  },
];
