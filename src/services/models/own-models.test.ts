import 'fake-indexeddb/auto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { downloadZip } from 'client-zip';
import { describe, expect, it, vi } from 'vitest';
import { globalLength, localLength } from '../../engine/teach/features';
import { toScheme } from '../../engine/teach/scheme';
import { formatTaught } from '../../engine/teach/taught-file';
import { Models } from './models.svelte';
import { openModelStore } from './own-model-storage';
import { StorageError } from '../../shared/storage/storage-error';
import { gatherModels } from './gather';
import { OwnModels } from './own-models.svelte';
import { unzip } from './unzip';

const shipped = fileURLToPath(new URL('../../../static/models/nose-b/', import.meta.url));

/** The files of a small model that ships, as if somebody had trained it. */
function noseFiles(folder = 'nose-b') {
  return readdirSync(shipped).map((name) => ({
    file: new File([Uint8Array.from(readFileSync(shipped + name))], name),
    folder,
  }));
}

const listing = (files = noseFiles()) => ({ files, problems: [] });

async function zipOf(files: { file: File; folder: string }[]): Promise<File> {
  const entries = files.map(({ file, folder }) => ({ name: `${folder}/${file.name}`, input: file }));
  return new File([await downloadZip(entries).blob()], 'nose.zip');
}

/** Models in a database of their own. */
let databases = 0;
function open() {
  const name = `models-${databases++}`;
  return () => new OwnModels(() => openModelStore(name));
}

describe('a model that a person brings', () => {
  it('is kept under a name of its own, is there after a reload, and goes when it is removed', async () => {
    const visit = open();
    const [entry] = await visit().add(listing());
    expect(entry).toMatchObject({ title: 'Nose B', family: 'regression', path: 'model.json' });
    expect(entry.id).toMatch(/^nose-b-[0-9a-f]{6}$/);

    const later = visit();
    expect(await later.list()).toEqual([entry]);
    const source = await later.source(entry.id);
    const json = JSON.parse(await source!.files.get('model.json')!.text());
    expect(json.userDefinedMetadata.mien.id).toBe(entry.id);
    expect([...source!.files.keys()].sort()).toEqual(['group1-shard1of1.bin', 'model.json']);

    await later.remove(entry.id);
    expect(await later.source(entry.id)).toBeNull();
    expect(await visit().list()).toEqual([]);
  });

  it('saved here and brought elsewhere has the name that it had', async () => {
    const models = open()();
    const [entry] = await models.add(listing());
    const source = await models.source(entry.id);
    const files = Array.from(source!.files, ([name, blob]) => ({
      file: new File([blob], name),
      folder: 'saved',
    }));
    const [elsewhere] = await open()().add(listing(files));
    expect(elsewhere.id).toBe(entry.id);
    await models.add(listing(files));
    expect(models.entries).toHaveLength(1);
  });

  it('brought twice, from a ZIP the second time, is one', async () => {
    const models = open()();
    await models.add(listing());
    await models.add(listing([{ file: await zipOf(noseFiles('deep/inside')), folder: '' }]));
    expect(models.problems).toEqual([]);
    expect(models.entries).toHaveLength(1);
  });

  it('comes with others, and with files that are none of its own', async () => {
    const other = noseFiles('other').map(({ file, folder }) => ({ file, folder }));
    const json = JSON.parse(await other.find(({ file }) => file.name === 'model.json')!.file.text());
    json.userDefinedMetadata.mien.title = 'Other';
    other[other.findIndex(({ file }) => file.name === 'model.json')].file = new File(
      [JSON.stringify(json)],
      'model.json',
    );
    const stray = { file: new File([new Uint8Array(100)], 'checkpoint.pt'), folder: 'other' };
    const models = open()();
    const added = await models.add(listing([...noseFiles(), ...other, stray]));
    expect(added.map(({ title }) => title)).toEqual(['Nose B', 'Other']);
    expect((await models.source(added[1].id))!.files.has('checkpoint.pt')).toBe(false);
  });

  it('without its weights is refused by their name', async () => {
    const models = open()();
    await models.add(listing(noseFiles().filter(({ file }) => file.name === 'model.json')));
    expect(models.problems).toEqual(['model.json: its weights group1-shard1of1.bin are missing']);
    expect(models.entries).toEqual([]);
  });

  it('that storage has changed since is not run', async () => {
    const models = new OwnModels(() => openModelStore('damaged'));
    const [entry] = await models.add(listing());
    const path = 'group1-shard1of1.bin';
    const store = await openModelStore('damaged');
    await store.add(entry, new Map([[path, new Blob([new Uint8Array(145156)])]]));
    await expect(models.source(entry.id)).rejects.toMatchObject({
      code: 'hash-mismatch',
      message: expect.stringContaining(path),
    });
  });

  it.each([
    [
      'is forbidden',
      () => Promise.reject(new StorageError('unavailable', 'storage: forbidden')),
      'last until it is closed',
    ],
    [
      'is held by an older version',
      () => Promise.reject(new StorageError('blocked', 'storage: held')),
      'in another tab in an older version',
    ],
    [
      'is full',
      async () => ({
        ...(await openModelStore('full')),
        add: () => Promise.reject(new StorageError('full', 'model Nose B: no room')),
      }),
      'storage is full: Nose B lasts until this page is closed',
    ],
  ])('serves for this visit where storage %s, and that is said', async (_, openStore, words) => {
    const models = new OwnModels(openStore);
    const [entry] = await models.add(listing());
    expect(models.problems.join()).toContain(words);
    expect((await models.source(entry.id))!.files.size).toBe(2);
    expect(models.isKept(entry.id)).toBe(false);
  });
});

describe('a model that was taught', () => {
  const scheme = { id: 'beak', title: 'Beak', points: ['tip'], pairs: [], lines: [] };
  const report = { pictures: 5, marks: [5], leaveOneOut: null, learned: false, curve: [] };
  const taughtFile = () => {
    const info = {
      kind: 'points',
      crop: 'face',
      base: { id: 'lite', sha256: '0'.repeat(64) },
      report,
    } as const;
    const stages = [0, 1, 2, 3];
    const projections = stages.map(() => ({ channels: 1, kept: 1, matrix: new Float32Array(1) }));
    const head = {
      kind: 'points' as const,
      ...{ nodes: stages.map((stage) => `stage${stage}`), projections, basePoints: [0] },
      guess: new Float32Array(2 * (globalLength(projections, [0]) + 1)),
      refine: new Float32Array(2 * (localLength(projections) + 1)),
      spread: new Float32Array(2),
    };
    const taught = { id: 'beak', title: 'Beak', scheme: toScheme(scheme, [[0.5, 0.5]]), info, head };
    return new File([formatTaught(taught)], 'taught.json');
  };

  it('is kept beside the others under the name of its base, and brought back from a ZIP as the same', async () => {
    const visit = open();
    const models = visit();
    const [entry] = await models.add({ files: [{ file: taughtFile(), folder: '' }], problems: [] });
    expect(models.problems).toEqual([]);
    expect(entry).toMatchObject({ title: 'Beak', base: 'lite', family: 'regression', path: 'taught.json' });
    expect(entry.id).toMatch(/^beak-[0-9a-f]{6}$/);
    const source = await visit().source(entry.id);
    expect(JSON.parse(await source!.files.get('taught.json')!.text())).toMatchObject({ id: entry.id });
    await models.add({
      files: [{ file: await zipOf([{ file: taughtFile(), folder: 'Beak' }]), folder: '' }],
      problems: [],
    });
    expect(models.entries).toHaveLength(1);
  });

  it('that is damaged is refused, and the part that is wrong is named', async () => {
    const models = open()();
    await models.add({
      files: [{ file: new File(['{"format":"mien-taught"}'], 'taught.json'), folder: '' }],
      problems: [],
    });
    expect(models.problems.join()).toContain('taught.json: formatVersion');
    expect(models.entries).toEqual([]);
  });
});

describe('a model that was chosen', () => {
  const registry = readFileSync(
    fileURLToPath(new URL('../../../static/models/registry.json', import.meta.url)),
  );
  const fetchRegistry = () => Promise.resolve(new Response(Uint8Array.from(registry)));

  it.each([
    ['cannot be opened', () => Promise.reject(new StorageError('blocked', 'storage: held'))],
    [
      'cannot be read',
      async () => ({
        ...(await openModelStore('unread')),
        load: () => Promise.reject(new StorageError('blocked', 'storage: held')),
      }),
    ],
  ])('is not taken for missing where storage %s; one that ships runs all the same', async (_, openStore) => {
    vi.stubGlobal('fetch', fetchRegistry);
    vi.stubGlobal('document', { baseURI: 'http://mien.test/' });
    const catalogue = new Models(new OwnModels(openStore));
    await expect(catalogue.source('my-nose-abc123')).rejects.toMatchObject({
      problem: 'blocked',
      message: 'model my-nose-abc123: cannot be read; storage: held',
    });
    expect(await catalogue.source('nose-b')).toBe('nose-b');
    vi.unstubAllGlobals();
  });
});

describe('files that hold no model', () => {
  it('are told of', async () => {
    await expect(gatherModels([{ file: new File(['x'], 'notes.txt'), folder: '' }])).rejects.toThrow(
      'There is no model.json among these files.',
    );
  });

  it('a model.json that is none is named with its folder', async () => {
    const file = new File(['{"weightsManifest": 3}'], 'model.json');
    await expect(gatherModels([{ file, folder: 'mine' }])).rejects.toThrow(
      'mine/model.json: weightsManifest must be an array, found 3',
    );
  });

  it('a ZIP that is cut short or none is named', async () => {
    const zip = await zipOf(noseFiles());
    for (const broken of [zip.slice(0, Math.floor(zip.size / 2)), new Blob(['no zip at all'])])
      await expect(unzip(new File([broken], 'broken.zip'))).rejects.toThrow('broken.zip: cannot be unpacked');
  });

  it('a ZIP that claims to hold too much is refused', async () => {
    const zip = new Uint8Array(await (await zipOf(noseFiles())).arrayBuffer());
    const view = new DataView(zip.buffer);
    // Sizes of the first entry in the central directory, whose records begin with PK 1 2.
    const at = zip.findIndex((_, i) => view.byteLength - i > 4 && view.getUint32(i, true) === 0x02014b50);
    view.setUint32(at + 24, 100e6, true);
    await expect(unzip(new File([zip], 'large.zip'))).rejects.toThrow('large.zip: holds more than 64 MB');
  });

  it('of which a bit of the weights was changed on the way is refused, not run', async () => {
    const zip = new Uint8Array(await (await zipOf(noseFiles())).arrayBuffer());
    const weights = noseFiles().find(({ file }) => file.name.endsWith('.bin'))!;
    const start = Buffer.from(zip).indexOf(Buffer.from(await weights.file.arrayBuffer()));
    zip[start + 10] ^= 1;
    await expect(unzip(new File([zip], 'nose.zip'))).rejects.toThrow('nose.zip: cannot be unpacked');
  });
});
