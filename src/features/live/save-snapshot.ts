/** A snapshot from a running loop: the picture and the points that were found in that very picture. */

import type { Scheme } from '../../engine/types';
import type { OverlayStyle } from '../../shared/overlay/style';
import { saveFile } from '../../shared/imaging/save';
import { copyFrame, encodeSnapshot, snapshotName } from '../../shared/overlay/snapshot';
import type { LiveLoop } from './loop';

/** @returns the name of the file, or null when the engine dropped the frame */
export async function saveSnapshot(
  loop: LiveLoop,
  scheme: Scheme,
  style: OverlayStyle,
  mirrored: boolean,
): Promise<string | null> {
  let picture: HTMLCanvasElement | undefined;
  const result = await loop.trackNow((frame) => (picture = copyFrame(frame, mirrored)));
  if (!result || !picture) return null;
  const blob = await encodeSnapshot(picture, result.faces, scheme, style, mirrored);
  const name = snapshotName(Date.now());
  saveFile(blob, name);
  return name;
}
