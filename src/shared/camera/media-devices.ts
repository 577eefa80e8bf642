/** The browser's way to cameras, and whether it may be used. */

import { CameraError } from './camera-error';

/** @throws CameraError `insecure` */
export function mediaDevices(): MediaDevices {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (!devices?.getUserMedia) {
    throw new CameraError(
      'insecure',
      `camera: ${location.origin} is not a secure address (https or localhost)`,
    );
  }
  return devices;
}

/** @returns null where the browser does not say */
export async function cameraPermission(): Promise<PermissionState | null> {
  const asking = navigator.permissions?.query({ name: 'camera' as PermissionName });
  const permission = await asking?.catch(() => null);
  return permission?.state ?? null;
}
