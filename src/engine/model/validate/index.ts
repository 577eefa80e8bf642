/**
 * Validates a model from outside before anything of it is run: a file cut short, a network that does not fit
 * its manifest or one made to bring the page down is refused, and the faulty part is named. Does without tfjs.
 */

import { EngineError } from '../../errors';
import { parseManifest } from '../manifest';
import { readModelJson, type ModelFiles } from '../model-files';
import { Field } from '../parse';
import type { Manifest } from '../../types';
import { checkGraph } from './graph';
import { MODEL_LIMITS } from './limits';
import { checkWeights } from './weights';

export { MODEL_LIMITS } from './limits';
export { OPS } from './ops';

/**
 * @param path of model.json among `files`.
 * @returns its manifest.
 * @throws EngineError `bad-manifest` or `bad-model`, naming the file and the part of it.
 */
export function checkModel(files: ModelFiles, path: string): Manifest {
  const bad = (message: string) => new EngineError('bad-model', message);
  const total = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (total > MODEL_LIMITS.totalBytes)
    throw bad(
      `${path}: with its weights ${formatMegabytes(total)}; at most ${formatMegabytes(MODEL_LIMITS.totalBytes)} are taken`,
    );
  const jsonBytes = files.get(path)?.byteLength ?? 0;
  if (jsonBytes > MODEL_LIMITS.jsonBytes)
    throw bad(
      `${path}: ${formatMegabytes(jsonBytes)}; at most ${formatMegabytes(MODEL_LIMITS.jsonBytes)} are taken`,
    );
  const json = readModelJson(files, path);
  const root = Field.root(path, json, bad);
  root.get('format').oneOf('graph-model');
  const manifest = parseManifest(json, path);
  const weights = checkWeights(root, files, path.slice(0, path.lastIndexOf('/') + 1));
  checkGraph(root, weights, manifest);
  return manifest;
}

const formatMegabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
