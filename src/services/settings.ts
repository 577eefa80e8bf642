/** What the app remembers between visits, in localStorage. Anything unknown there is dropped field by field. */

import { DETECTOR_NAMES } from '../engine/options';
import type { DetectorName } from '../engine/types';
import type { Facing } from '../shared/camera/camera-list';
import { currentModelId } from './models/former-ids';
import { isOfGaze, isTold } from '../shared/format/signal-kinds';
import { overlays, spreadStyles, type OverlayKind, type SpreadStyle } from '../shared/overlay/style';

export const mirrors = ['auto', 'on', 'off'] as const;
export const resolutions = ['480p', '720p', '1080p'] as const;

export type Resolution = (typeof resolutions)[number];

export const resolutionPx: Readonly<Record<Resolution, { width: number; height: number }>> = {
  '480p': { width: 640, height: 480 },
  '720p': { width: 1280, height: 720 },
  '1080p': { width: 1920, height: 1080 },
};

export const maxFacesLimit = 8;

export interface Settings {
  readonly overlay: OverlayKind;
  readonly numbers: boolean;
  readonly spread: SpreadStyle;
  /** Each group of points in a colour of its own. */
  readonly groups: boolean;
  /** 0 = none, 1 = strongest. */
  readonly smoothing: number;
  /** 1..8 */
  readonly maxFaces: number;
  /** Id in the registry; null = its first model. */
  readonly model: string | null;
  /** The network that finds faces; null = the engine's default. */
  readonly detector: DetectorName | null;
  readonly cameraId: string | null;
  readonly facing: Facing;
  /** `auto`: on for cameras that face the person. */
  readonly mirror: (typeof mirrors)[number];
  readonly resolution: Resolution;
  readonly meter: boolean;
  /** Whether the panel with what a face does is shown. */
  readonly signals: boolean;
  /** The axes of the head at the nose. */
  readonly axes: boolean;
  /** Whether it is told and drawn where the eyes look, which takes a second network. */
  readonly gaze: boolean;
  /** Whether Photos tells where the eyes of the chosen face look: the network takes its time there alone. */
  readonly photoGaze: boolean;
  /** The drawn head in the panel with what a face does. */
  readonly puppet: boolean;
  /** Ids of the signals whose last 30 s are drawn. */
  readonly strips: readonly string[];
}

/** So many strips fit under a picture. */
export const maxStrips = 8;

export const defaultSettings: Settings = {
  overlay: 'contours',
  numbers: false,
  spread: 'off',
  groups: false,
  smoothing: 0.5,
  maxFaces: 1,
  model: null,
  detector: null,
  cameraId: null,
  facing: 'user',
  mirror: 'auto',
  resolution: '480p',
  meter: true,
  signals: false,
  axes: false,
  gaze: false,
  photoGaze: false,
  puppet: true,
  strips: ['yaw'],
};

const key = 'mien.settings';

type Check<T> = (value: unknown) => value is T;

const oneOf =
  <T extends string>(values: readonly T[]): Check<T> =>
  (value): value is T =>
    (values as readonly unknown[]).includes(value);
const isBoolean: Check<boolean> = (value) => typeof value === 'boolean';
const isTextOrNull: Check<string | null> = (value) => value === null || typeof value === 'string';
const isDetectorOrNull: Check<DetectorName | null> = (value) =>
  value === null || oneOf(DETECTOR_NAMES)(value);
const isNumberIn =
  (low: number, high: number, whole: boolean): Check<number> =>
  (value): value is number =>
    typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
const areTexts: Check<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.length <= maxStrips && value.every((one) => typeof one === 'string');

const checks: { readonly [K in keyof Settings]: Check<Settings[K]> } = {
  overlay: oneOf(overlays),
  numbers: isBoolean,
  spread: oneOf(spreadStyles),
  groups: isBoolean,
  smoothing: isNumberIn(0, 1, false),
  maxFaces: isNumberIn(1, maxFacesLimit, true),
  model: isTextOrNull,
  detector: isDetectorOrNull,
  cameraId: isTextOrNull,
  facing: oneOf(['user', 'environment']),
  mirror: oneOf(mirrors),
  resolution: oneOf(resolutions),
  meter: isBoolean,
  signals: isBoolean,
  axes: isBoolean,
  gaze: isBoolean,
  photoGaze: isBoolean,
  puppet: isBoolean,
  strips: areTexts,
};

/** Whatever was stored, as settings: fields that are missing or make no sense take their default. */
export function parseSettings(stored: unknown): Settings {
  if (typeof stored !== 'object' || stored === null) return defaultSettings;
  const record = stored as Record<string, unknown>;
  const kept = Object.entries(checks).filter(([name, check]) => (check as Check<unknown>)(record[name]));
  const settings: Settings = {
    ...defaultSettings,
    ...Object.fromEntries(kept.map(([name]) => [name, record[name]])),
  };
  const { model, gaze } = settings;
  const strips = [...new Set(settings.strips)].filter((id) => isTold(id) && (gaze || !isOfGaze(id)));
  return { ...settings, strips, model: model === null ? null : currentModelId(model) };
}

/** The stored settings; the defaults where there are none, or storage is forbidden (private windows). */
export function loadSettings(): Settings {
  try {
    return parseSettings(JSON.parse(localStorage.getItem(key) ?? 'null'));
  } catch {
    return defaultSettings;
  }
}

/** What they take, in UTF-16 code units of two bytes, name included. */
export function settingsBytes(): number {
  const stored = localStorage.getItem(key);
  return stored === null ? 0 : 2 * (key.length + stored.length);
}

export function forgetSettings(): void {
  localStorage.removeItem(key);
}

/** Best effort: where storage is full or forbidden, the settings last for this visit. @returns whether they are kept */
export function saveSettings(settings: Settings): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(settings));
    return true;
  } catch {
    // Nothing a person could do about it while looking at a face.
    return false;
  }
}
