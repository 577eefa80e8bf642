/** Opens what the settings ask for. */

import { openCamera } from '../camera/camera';
import type { CameraError } from '../camera/camera-error';
import { openSample } from '../camera/sample';
import type { FrameSource } from '../camera/source';
import { resolutionPx, type Settings } from '../storage/settings';
import { sampleUrl } from './addresses';

/**
 * @param onEnded called once when a camera ends by itself
 * @throws CameraError, or Error when the sample cannot be loaded
 */
export function openSource(
  kind: FrameSource['kind'],
  { cameraId, facing, resolution }: Settings,
  onEnded: (why: CameraError) => void,
): Promise<FrameSource> {
  if (kind === 'camera') {
    return openCamera({ deviceId: cameraId, facing, ...resolutionPx[resolution] }, onEnded);
  }
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return openSample(sampleUrl(), !still);
}
