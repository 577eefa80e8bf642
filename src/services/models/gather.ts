/**
 * Finds the models in what a person dropped or picked: every model.json, with the weights that it names beside it, and every
 * file of a taught model.
 */

import { parseJson } from '../../engine/model/fetch';
import { MODEL_LIMITS } from '../../engine/model/validate/limits';
import { EngineError } from '../../engine/errors';
import { Field } from '../../engine/model/parse';
import { TAUGHT_FILE } from '../../engine/teach/taught-source';
import type { ModelSource } from '../../engine/types';
import { pathOf } from '../../shared/imaging/file-listing';
import type { IncomingFile } from '../../shared/imaging/types';

/** Beyond this many models at once somebody dropped the wrong folder. */
const MAX_MODELS = 20;

/** As it is saved, and as browsers name a second copy. */
const taughtName = /^taught\b.*\.json$/i;

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
  const taught = all.filter(({ file }) => taughtName.test(file.name));
  if (descriptions.length + taught.length === 0)
    throw new EngineError('bad-model', 'There is no model.json among these files.');
  if (descriptions.length + taught.length > MAX_MODELS)
    throw new EngineError('bad-model', `There are more than ${MAX_MODELS} models among these files.`);
  const sources = await Promise.all(descriptions.map((description) => sourceOf(description, all)));
  return [...sources, ...taught.map(taughtSourceOf)];
}

function taughtSourceOf(incoming: IncomingFile): ModelSource {
  checkSize(incoming);
  return { path: TAUGHT_FILE, files: new Map([[TAUGHT_FILE, incoming.file]]) };
}

/** Before it is read as text. */
function checkSize(incoming: IncomingFile): void {
  if (incoming.file.size > MODEL_LIMITS.jsonBytes)
    throw new EngineError('bad-model', `${pathOf(incoming)}: larger than ${MODEL_LIMITS.jsonBytes / 1e6} MB`);
}

/** Weights that are named and not there are left to the check, which names them. */
async function sourceOf(description: IncomingFile, all: readonly IncomingFile[]): Promise<ModelSource> {
  const path = pathOf(description);
  checkSize(description);
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
