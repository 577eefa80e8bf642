/** The files of a model, in memory. */

import { EngineError } from '../errors';
import { parseJson } from './fetch';

/** Files of one model by path, model.json among them. */
export type ModelFiles = ReadonlyMap<string, ArrayBuffer>;

/** @param path of model.json among `files`. @throws EngineError `bad-model`, naming the file. */
export function readModelJson(files: ModelFiles, path: string): unknown {
  const bytes = files.get(path);
  if (!bytes) throw new EngineError('bad-model', `${path}: not among the model's files`);
  return parseJson(new TextDecoder().decode(bytes), path, 'bad-model');
}
