/** Checks on what callers pass, done once, where it comes in. */

import { badOption, checkArray, checkOptions, isRecord, isWithin } from './bad-option';
import type { EngineError } from './errors';
import type { WasmFiles } from './files';
import { hasSize, invert } from './geometry';
import { resolveModels } from './models-url';
import type {
  Affine,
  BackendName,
  Box,
  CallOptions,
  DetectOptions,
  DetectorName,
  EngineOptions,
  ModelAddresses,
  ModelSource,
  ThreadName,
  Tuning,
} from './types';

const MAX_FACES = 8;
/** The default first. `detect/detector-files.ts` has the files of each. */
export const DETECTOR_NAMES = ['blazeface', 'blazeface-covered'] as const satisfies readonly DetectorName[];
/**
 * Between phones and webcams (55 to 70°) and portraits (20 to 45°). A wrong one matters little: angles are relative to the line
 * of sight.
 */
export const DEFAULT_FIELD_OF_VIEW_DEG = 50;
/** Often enough for a camera, whose frames wait for nobody. */
export const DEFAULT_NEWCOMER_INTERVAL_MS = 1000;
const FIELD_OF_VIEW_RANGE_DEG = [10, 150] as const;

/** What a pipeline is made from: options of `createEngine`, and the files of the build. */
export interface PipelineOptions {
  readonly model: string | ModelSource | undefined;
  /** Absolute; that of a folder ends with a slash. */
  readonly modelsUrl: string | ModelAddresses;
  readonly detector: DetectorName;
  readonly cache: string | undefined;
  readonly backend: BackendName | 'auto';
  readonly maxFaces: number;
  readonly smoothing: number;
  readonly signals: boolean;
  readonly gaze: boolean;
  readonly fieldOfViewDeg: number;
  readonly newcomerIntervalMs: number;
  readonly wasm: WasmFiles;
  /** Backends that hung on this page before, and why each is passed over with `auto`. */
  readonly hung?: readonly (readonly [BackendName, string])[];
}

/** What a caller chose, every option filled in. */
export interface Settings extends Omit<PipelineOptions, 'wasm'> {
  readonly thread: ThreadName | 'auto';
}

/**
 * Fills in the defaults.
 * @param baseUrl address that a relative `modelsUrl` starts from.
 * @throws EngineError `bad-option`, naming the option.
 */
export function parseOptions(options: EngineOptions, baseUrl: string): Settings {
  checkOptions(options);
  const {
    model,
    modelsUrl = 'models/',
    detector = DETECTOR_NAMES[0],
    cache,
    backend = 'auto',
    thread = 'auto',
    maxFaces = 1,
    smoothing = 0.5,
    signals = false,
    gaze = false,
    fieldOfViewDeg = DEFAULT_FIELD_OF_VIEW_DEG,
    newcomerIntervalMs = DEFAULT_NEWCOMER_INTERVAL_MS,
    onProgress,
  } = options;
  checkCallOptions(options);
  checkOneOf('backend', backend, ['auto', 'webgl', 'webgpu', 'wasm', 'cpu']);
  checkOneOf('thread', thread, ['auto', 'worker', 'page']);
  checkOneOf('detector', detector, DETECTOR_NAMES);
  const tuning = { maxFaces, smoothing, signals, gaze, fieldOfViewDeg, newcomerIntervalMs };
  checkTuning(tuning);
  if (model !== undefined && !isModel(model))
    throw badOption('model', 'an id from the registry, or files with a path', model);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw badOption('onProgress', 'a function', onProgress);
  if (cache !== undefined && typeof cache !== 'string')
    throw badOption('cache', 'the name of a cache', cache);
  const place = { backend, thread };
  return { model, modelsUrl: resolveModels(modelsUrl, baseUrl), detector, cache, ...place, ...tuning };
}

/** @throws EngineError `bad-option`, naming the option. */
export function checkTuning(tuning: Tuning): void {
  checkOptions(tuning);
  const { maxFaces, smoothing, signals, gaze, fieldOfViewDeg, newcomerIntervalMs } = tuning;
  if (maxFaces !== undefined && !(Number.isInteger(maxFaces) && isWithin(maxFaces, 1, MAX_FACES)))
    throw badOption('maxFaces', `an integer from 1 to ${MAX_FACES}`, maxFaces);
  if (smoothing !== undefined && !isWithin(smoothing, 0, 1))
    throw badOption('smoothing', 'a number from 0 to 1', smoothing);
  if (signals !== undefined && typeof signals !== 'boolean')
    throw badOption('signals', 'true or false', signals);
  if (gaze !== undefined && typeof gaze !== 'boolean') throw badOption('gaze', 'true or false', gaze);
  if (gaze && signals === false) throw gazeAlone();
  const [narrowest, widest] = FIELD_OF_VIEW_RANGE_DEG;
  if (fieldOfViewDeg !== undefined && !isWithin(fieldOfViewDeg, narrowest, widest))
    throw badOption('fieldOfViewDeg', `a number from ${narrowest} to ${widest}`, fieldOfViewDeg);
  if (newcomerIntervalMs !== undefined && !isWithin(newcomerIntervalMs, 0, Infinity))
    throw badOption('newcomerIntervalMs', 'a number from 0', newcomerIntervalMs);
}

/**
 * What was tuned, and what is new. Signals that end take gaze with them.
 * @throws EngineError `bad-option` where gaze is asked for without signals.
 */
export function mergeTuning(before: Required<Tuning>, next: Tuning): Required<Tuning> {
  const signals = next.signals ?? before.signals;
  if (next.gaze && !signals) throw gazeAlone();
  return {
    maxFaces: next.maxFaces ?? before.maxFaces,
    smoothing: next.smoothing ?? before.smoothing,
    signals,
    gaze: next.gaze ?? (before.gaze && signals),
    fieldOfViewDeg: next.fieldOfViewDeg ?? before.fieldOfViewDeg,
    newcomerIntervalMs: next.newcomerIntervalMs ?? before.newcomerIntervalMs,
  };
}

const gazeAlone = (): EngineError => badOption('gaze', 'false without signals', true);

/** @throws EngineError `bad-option`, naming the option. */
export function checkCallOptions(options: CallOptions): void {
  checkOptions(options);
  const { signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw badOption('signal', 'an AbortSignal', signal);
}

/** @throws EngineError `bad-option`, naming the option. */
export function checkDetectOptions(options: DetectOptions): void {
  checkCallOptions(options);
  const { maxFaces, thorough, transfer } = options;
  if (maxFaces !== undefined && !(Number.isInteger(maxFaces) && maxFaces >= 1))
    throw badOption('maxFaces', 'an integer from 1', maxFaces);
  if (thorough !== undefined && typeof thorough !== 'boolean')
    throw badOption('thorough', 'true or false', thorough);
  if (transfer !== undefined && typeof transfer !== 'boolean')
    throw badOption('transfer', 'true or false', transfer);
}

const BOX_FIELDS = ['x', 'y', 'width', 'height'] as const;
const AFFINE_FIELDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

/** @throws EngineError `bad-option`, naming the box. */
export function checkBoxes(boxes: readonly Box<'image'>[]): void {
  checkArray('boxes', boxes, 'boxes');
  boxes.forEach((box, i) => {
    if (!isRecord(box) || !hasSize(box))
      throw badOption(`boxes[${i}]`, 'a box with finite numbers and a size above 0', box, BOX_FIELDS);
  });
}

/** @throws EngineError `bad-option` when the crop shows no area. */
export function checkCrop(crop: Affine<'image', 'crop'>): void {
  const isAffine = isRecord(crop) && AFFINE_FIELDS.every((name) => Number.isFinite(crop[name]));
  try {
    if (isAffine) return void invert(crop);
  } catch {
    // Told below.
  }
  throw badOption('crop', 'an affine of finite numbers that can be inverted', crop, AFFINE_FIELDS);
}

function isModel(model: unknown): boolean {
  if (typeof model === 'string') return model !== '';
  const { files, path } = (model ?? {}) as Partial<ModelSource>;
  const areFiles = files instanceof Map && [...files.values()].every((file) => file instanceof Blob);
  return areFiles && typeof path === 'string';
}

function checkOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) throw badOption(name, allowed.join(', '), value);
}
