/** What a taught model says of itself. It comes when there is one. */

import { taughtManifest } from '../../engine/teach/manifest';
import { parseTaught } from '../../engine/teach/taught-file';
import type { Manifest } from '../../engine/types';

/** @param base manifest of the model that it stands on @throws EngineError `bad-model`, naming the field that is wrong */
export function manifestOfTaught(json: unknown, id: string, base: Manifest): Manifest {
  return taughtManifest(parseTaught(json, id), base);
}
