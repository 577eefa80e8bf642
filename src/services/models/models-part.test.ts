import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import { beforeEach, expect, it, vi } from 'vitest';
import { restoreBackup, saveBackup } from '../backup';
import { createModelsPart } from './models-part';
import { OwnModels } from './own-models.svelte';

// There is no private file system here.
vi.spyOn(console, 'warn').mockImplementation(() => undefined);
const hooks = { signal: new AbortController().signal, onProgress: () => undefined };
const shipped = fileURLToPath(new URL('../../../static/models/nose-b/', import.meta.url));

let zip: Record<string, Uint8Array>;
let id: string;
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  const models = new OwnModels();
  const files = readdirSync(shipped).map((name) => ({
    file: new File([Uint8Array.from(readFileSync(shipped + name))], name),
    folder: 'nose',
  }));
  [{ id }] = await models.add({ files, problems: [] });
  const { blob } = await saveBackup([createModelsPart(models)], hooks);
  zip = unzipSync(new Uint8Array(await blob.arrayBuffer()));
  globalThis.indexedDB = new IDBFactory();
});

async function read(files: Record<string, Uint8Array>) {
  const models = new OwnModels();
  const file = new File([Uint8Array.from(zipSync(files))], 'it.zip');
  return { models, told: restoreBackup(file, [createModelsPart(models)], hooks) };
}

/** The file with the entry's text changed. */
const changed = (entry: string, from: string | RegExp, to: string) => ({
  ...zip,
  [entry]: new TextEncoder().encode(new TextDecoder().decode(zip[entry]).replaceAll(from, to)),
});

it('a model of one’s own comes with its weights, and can be used at once', async () => {
  const { models, told } = await read(zip);
  expect(await told).toEqual(['Read back: 1 model.']);
  expect(models.entries.map((entry) => entry.id)).toEqual([id]);
  expect((await models.source(id))!.files.size).toBe(2);
});

it('weights that are not those of the model are refused', async () => {
  const weights = Object.keys(zip).find((path) => zip[path].length === 145_156)!;
  const spoilt = zip[weights].slice();
  spoilt[100] ^= 1;
  const { models, told } = await read({ ...zip, [weights]: spoilt });
  await expect(told).rejects.toThrow(`it.zip: ${id}/group1-shard1of1.bin`);
  expect(await models.list()).toEqual([]);
});

it('a model in the name of another, such as one that ships, is refused', async () => {
  const records = 'models/1/records.jsonl';
  const stolen = changed(records, id, 'lite');
  const { told } = await read({
    ...stolen,
    'manifest.json': changed('manifest.json', id, 'lite')['manifest.json'],
  });
  await expect(told).rejects.toThrow('it.zip: Your own models: Nose B: models.id');
  const other = `other-${id.slice(-6)}`;
  const renamed = changed(records, id, other);
  const { told: alsoTold } = await read({
    ...renamed,
    'manifest.json': changed('manifest.json', id, other)['manifest.json'],
  });
  await expect(alsoTold).rejects.toThrow(`its description names another model, ${id}`);
});

it('a model that this window cannot keep goes into the file all the same', async () => {
  vi.stubGlobal('indexedDB', undefined);
  const models = new OwnModels();
  const files = readdirSync(shipped).map((name) => ({
    file: new File([Uint8Array.from(readFileSync(shipped + name))], name),
    folder: 'nose',
  }));
  await models.add({ files, problems: [] });
  const { blob, notes } = await saveBackup([createModelsPart(models)], hooks);
  vi.unstubAllGlobals();
  expect(notes).toEqual(['In the file: 1 model.']);
  const there = new OwnModels();
  expect(await restoreBackup(new File([blob], 'it.zip'), [createModelsPart(there)], hooks)).toEqual([
    'Read back: 1 model.',
  ]);
  expect((await there.source(id))!.files.size).toBe(2);
});
