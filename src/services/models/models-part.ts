/** A person's own models in a file of everything that they made. None is taken over without being checked as when it is brought. */

import * as v from 'valibot';
import { checkModel } from '../../engine/model/validate';
import { createDatabasePart } from '../backup/database-part';
import type { BackupItem, BackupPart, IncomingItem } from '../backup/types';
import { modelDatabase, type ModelSchema, type OwnModelEntry } from './own-model-storage';
import type { OwnModels } from './own-models.svelte';
import { checkKept } from './prepare';

/** Ends with the beginning of a hash: no shipped model is called so. */
const ownId = /-[0-9a-f]{6}$/;

export function createModelsPart(models: OwnModels): BackupPart {
  const part = createDatabasePart<ModelSchema>({
    name: 'models',
    title: 'Your own models',
    noun: 'model',
    database: modelDatabase,
    main: 'models',
    titleOf: ({ title }) => String(title),
    schemas: {
      models: v.looseObject({
        id: v.pipe(v.string(), v.regex(ownId)),
        title: v.string(),
        path: v.string(),
        files: v.array(v.looseObject({ path: v.string(), bytes: v.number(), sha256: v.string() })),
        addedMs: v.number(),
      }),
      files: v.instance(Blob),
    },
    ours: ['addedMs'],
    isWhole: true,
    more: () => unkept(models),
    refresh: () => models.refresh(),
  });
  return {
    ...part,
    async check(item, version) {
      await part.check(item, version);
      await checkWeights(item);
    },
  };
}

/** Models that there was no room for: here above all they can be saved. */
async function* unkept(models: OwnModels): AsyncGenerator<BackupItem> {
  for (const entry of await models.list()) {
    if (models.isKept(entry.id)) continue;
    const source = await models.source(entry.id);
    if (!source) continue;
    yield {
      id: entry.id,
      title: entry.title,
      async *records() {
        yield { store: 'models', key: entry.id, value: entry };
        for (const [path, file] of source.files) yield { store: 'files', key: [entry.id, path], value: file };
      },
    };
  }
}

/** @throws EngineError naming what is wrong with the model */
async function checkWeights(item: IncomingItem): Promise<void> {
  let entry: OwnModelEntry | null = null;
  const files = new Map<string, Blob>();
  for await (const { store, key, value } of item.records()) {
    if (store === 'models') entry = value as OwnModelEntry;
    else if (Array.isArray(key)) files.set(String(key[1]), value as Blob);
  }
  if (!entry) throw new Error(`${item.title}: its record is missing`);
  await checkKept(entry, files);
  const bytes = new Map<string, ArrayBuffer>();
  for (const [path, blob] of files) bytes.set(path, await blob.arrayBuffer());
  const { id } = checkModel(bytes, entry.path);
  if (id !== entry.id) throw new Error(`${item.title}: its description names another model, ${id}`);
}
