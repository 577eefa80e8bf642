/** The picture that the Lab looks at: a camera, the moving sample, a photo or a frame of a film. */

import { resolutionPx } from '../../services/settings';
import { sampleUrl } from '../../shared/addresses';
import { openCamera } from '../../shared/camera/camera';
import { openSample } from '../../shared/camera/sample';
import type { FrameSource } from '../../shared/camera/source';
import type { LabServices } from './types';
import type { Origin } from './view';

export interface LabSource extends Pick<FrameSource, 'element' | 'onFrame' | 'stop' | 'mirrorByDefault'> {
  /** Whether its picture never changes. */
  readonly isStill: boolean;
}

/** @param onEnded called when the picture goes away by itself @param signal lets a camera go that still opens @throws CameraError, or Error naming the picture */
export async function openPicture(
  from: Origin,
  { settings, pictures }: LabServices,
  onEnded: (why: unknown) => void,
  signal: AbortSignal,
): Promise<LabSource> {
  if (from.kind === 'photo') return stillOf(await pictures.openPhoto(from.id));
  if (from.kind === 'film') return stillOf(await pictures.openFilmFrame(from.id, from.atMs));
  if (from.kind === 'sample') {
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    return { ...(await openSample(sampleUrl(), !isStill)), isStill: false };
  }
  const { cameraId, facing, resolution } = settings.current;
  const choice = { deviceId: cameraId, facing, ...resolutionPx[resolution] };
  return { ...(await openCamera(choice, { onEnded }, signal)), isStill: false };
}

/** Owns the bitmap. */
function stillOf(bitmap: ImageBitmap): LabSource {
  const canvas = document.createElement('canvas');
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return {
    element: canvas,
    isStill: true,
    mirrorByDefault: false,
    onFrame: () => () => undefined,
    stop: () => undefined,
  };
}
