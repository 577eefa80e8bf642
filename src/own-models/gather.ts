/** Finds the models in what a person dropped or picked: every model.json, with the weights that it names beside it. */

import { parseJson } from '../engine/download';
import { MODEL_LIMITS } from '../engine/check/limits';
import { EngineError } from '../engine/errors';
import { Field } from '../engine/parse';
import type { ModelSource } from '../engine/types';
import { pathOf } from '../photos/intake/files';
import type { IncomingFile } from '../photos/intake/types';

/** Beyond this many models at once somebody dropped the wrong folder. */
const MOST_MODELS = 20;

/** @throws EngineError `bad-model`, saying what is missing. */
export async function gatherModels(files: readonly IncomingFile[]): Promise<ModelSource[]> {
  const unpacked = await Promise.all(
    files.map(async (incoming) => {
      if (!/\.zip$/i.test(incoming.file.name)) return [incoming];
      const { unzip } = await import('./unzip');
      return unzip(incoming.file);
    }),
  );
  const all = unpacked.flat();
  const descriptions = all.filter(({ file }) => file.name === 'model.json');
  if (descriptions.length === 0)
    throw new EngineError('bad-model', 'There is no model.json among these files.');
  if (descriptions.length > MOST_MODELS)
    throw new EngineError('bad-model', `There are more than ${MOST_MODELS} models among these files.`);
  return Promise.all(descriptions.map((description) => sourceOf(description, all)));
}

/** Weights that are named and not there are left to the check, which names them. */
async function sourceOf(description: IncomingFile, all: readonly IncomingFile[]): Promise<ModelSource> {
  const path = pathOf(description);
  if (description.file.size > MODEL_LIMITS.jsonBytes)
    throw new EngineError('bad-model', `${path}: larger than ${MODEL_LIMITS.jsonBytes / 1e6} MB`);
  const json = parseJson(await description.file.text(), path, 'bad-model');
  const groups = Field.root(path, json, (message) => new EngineError('bad-model', message))
    .get('weightsManifest')
    .array();
  const named = new Set(
    groups.flatMap((group) =>
      group
        .get('paths')
        .array()
        .map((shard) => shard.text()),
    ),
  );
  const shards = all.filter(({ file, folder }) => folder === description.folder && named.has(file.name));
  const files = [description, ...shards].map(({ file }) => [file.name, file] as const);
  return { path: 'model.json', files: new Map(files) };
}
