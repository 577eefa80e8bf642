/** Opens what the settings ask for. */

import { openCamera, type CameraEvents } from '../../shared/camera/camera';
import { openSample } from '../../shared/camera/sample';
import type { FrameSource } from '../../shared/camera/source';
import { resolutionPx, type Settings } from '../../services/settings';
import { sampleUrl } from '../../shared/addresses';

/** @throws CameraError, the signal's reason, or Error when the sample cannot be loaded */
export function openSource(
  kind: FrameSource['kind'],
  { cameraId, facing, resolution }: Settings,
  events: CameraEvents,
  signal: AbortSignal,
): Promise<FrameSource> {
  if (kind === 'camera') {
    return openCamera({ deviceId: cameraId, facing, ...resolutionPx[resolution] }, events, signal);
  }
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return openSample(sampleUrl(), !still);
}
