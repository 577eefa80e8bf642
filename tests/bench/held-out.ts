/** Which faces no network is trained on or chosen by: as `training/mien/datasets.py` and its configurations draw them. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** People of CFP with higher numbers (`NNN_MM.jpg`) are held out. */
const LAST_TRAINED_PERSON = 400;
/** Of AFLW2000's pictures. */
const AFLW_SHARE = 0.1;

/** Whether the picture is held out: by its person in CFP, by its name's hash in AFLW2000; all pictures of other folders are. */
export function isHeldOut(path: string): boolean {
  const name = basename(path);
  if (/\/cfp\//.test(path)) return Number(name.slice(0, 3)) > LAST_TRAINED_PERSON;
  if (/\/aflw2000/.test(path)) return hashShare(name) < AFLW_SHARE;
  return true;
}

/** 0..1, the same for the same name. */
function hashShare(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32LE(0) / 2 ** 32;
}
