/** The cameras of this device, as a person tells them apart. */

import { mediaDevices } from './media-devices';

export type Facing = 'user' | 'environment';

export interface CameraEntry {
  readonly deviceId: string;
  /** Unique in its list. */
  readonly label: string;
  /** Which way it looks, where the device says so. */
  readonly facing: Facing | null;
}

type Device = Pick<InputDeviceInfo, 'kind' | 'deviceId' | 'label'> &
  Partial<Pick<InputDeviceInfo, 'getCapabilities'>>;

/** Cameras that can be asked for: before any was allowed, browsers may give them no ids. @throws CameraError */
export async function listCameras(): Promise<CameraEntry[]> {
  return toEntries(await mediaDevices().enumerateDevices());
}

/** Some browsers give ids without labels, and two cameras of one kind have one label: these are counted. */
export function toEntries(devices: readonly Device[]): CameraEntry[] {
  const cameras = devices.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId);
  const labels = cameras.map(({ label }, i) => tidyLabel(label) || `Camera ${i + 1}`);
  return cameras.map((device, i) => {
    const before = labels.slice(0, i).filter((label) => label === labels[i]).length;
    return {
      deviceId: device.deviceId,
      label: before ? `${labels[i]} (${before + 1})` : labels[i],
      facing: facingOfDevice(device),
    };
  });
}

/** Chromium puts the USB ids behind the name: `Integrated Camera (04f2:b6d9)`. */
export function tidyLabel(label: string): string {
  return label.replace(/\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i, '').trim();
}

function facingOfDevice(device: Device): Facing | null {
  const [told] = device.getCapabilities?.().facingMode ?? [];
  return asFacing(told) ?? facingOfLabel(device.label);
}

export const asFacing = (told: string | undefined): Facing | null =>
  told === 'user' || told === 'environment' ? told : null;

/** Where the device says nothing: `camera2 0, facing back`, `Surface Camera Rear`. */
export function facingOfLabel(label: string): Facing | null {
  if (/\b(back|rear)\b/i.test(label)) return 'environment';
  return /\bfront\b/i.test(label) ? 'user' : null;
}
