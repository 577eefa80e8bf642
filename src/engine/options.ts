/** Checks on what callers pass, done once, at the door. */

import type { CoreOptions } from './core';
import { EngineError } from './errors';
import type { Box, DetectOptions, EngineOptions, ModelSource, ThreadName, Tuning } from './types';

const MOST_FACES = 8;

export interface Settings extends CoreOptions {
  readonly thread: ThreadName | 'auto';
}

/**
 * Fills in the defaults.
 * @param baseUrl address that a relative `modelsUrl` starts from.
 * @throws EngineError `bad-option`, naming the option.
 */
export function parseOptions(options: EngineOptions, baseUrl: string): Settings {
  const {
    model,
    modelsUrl = 'models/',
    cache,
    backend = 'auto',
    thread = 'auto',
    maxFaces = 1,
    smoothing = 0.5,
  } = options;
  checkOneOf('backend', backend, ['auto', 'webgl', 'webgpu', 'wasm', 'cpu']);
  checkOneOf('thread', thread, ['auto', 'worker', 'page']);
  checkTuning({ maxFaces, smoothing });
  if (model !== undefined && !isModel(model))
    throw bad('model', 'an id from the registry, or files with a path', model);
  if (cache !== undefined && typeof cache !== 'string') throw bad('cache', 'the name of a cache', cache);
  return { model, modelsUrl: absolute(modelsUrl, baseUrl), cache, backend, thread, maxFaces, smoothing };
}

/** @throws EngineError `bad-option`, naming the option. */
export function checkTuning({ maxFaces, smoothing }: Tuning): void {
  if (maxFaces !== undefined && !(Number.isInteger(maxFaces) && maxFaces >= 1 && maxFaces <= MOST_FACES)) {
    throw bad('maxFaces', `a whole number from 1 to ${MOST_FACES}`, maxFaces);
  }
  if (smoothing !== undefined && !(smoothing >= 0 && smoothing <= 1)) {
    throw bad('smoothing', 'a number from 0 to 1', smoothing);
  }
}

/** @throws EngineError `bad-option`, naming the option. */
export function checkDetectOptions({ maxFaces, thorough, signal }: DetectOptions): void {
  if (maxFaces !== undefined && !(Number.isInteger(maxFaces) && maxFaces >= 1))
    throw bad('maxFaces', 'a whole number from 1', maxFaces);
  if (thorough !== undefined && typeof thorough !== 'boolean')
    throw bad('thorough', 'true or false', thorough);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw bad('signal', 'an AbortSignal', signal);
}

/** @throws EngineError `bad-option`, naming the box. */
export function checkBoxes(boxes: readonly Box<'image'>[]): void {
  boxes.forEach(({ x, y, width, height }, i) => {
    const fits = [x, y, width, height].every(Number.isFinite) && width > 0 && height > 0;
    if (!fits)
      throw bad(
        `boxes[${i}]`,
        'a box with finite numbers and a size above 0',
        [x, y, width, height].join(', '),
      );
  });
}

function isModel(model: unknown): boolean {
  if (typeof model === 'string') return model !== '';
  const { files, path } = (model ?? {}) as Partial<ModelSource>;
  const areFiles = files instanceof Map && [...files.values()].every((file) => file instanceof Blob);
  return areFiles && typeof path === 'string';
}

function checkOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(value as string)) throw bad(name, allowed.join(', '), value);
}

function absolute(modelsUrl: string, baseUrl: string): string {
  try {
    return new URL(modelsUrl.endsWith('/') ? modelsUrl : `${modelsUrl}/`, baseUrl).href;
  } catch {
    throw bad('modelsUrl', 'an address', modelsUrl);
  }
}

function bad(name: string, expected: string, found: unknown): EngineError {
  return new EngineError('bad-option', `option ${name}: must be ${expected}, is ${String(found)}`);
}
