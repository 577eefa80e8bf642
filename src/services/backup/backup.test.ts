import 'fake-indexeddb/auto';
import { unzipSync, zipSync } from 'fflate';
import type { DBSchema } from 'idb';
import * as v from 'valibot';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDatabase, type Migrations } from '../../shared/storage/database';
import { StorageError } from '../../shared/storage/storage-error';
import type { DatabasePartOptions } from './database-options';
import { createDatabasePart } from './database-part';
import { restoreBackup, saveBackup } from './index';
import type { BackupHooks, BackupPart } from './types';

interface Note {
  readonly id: string;
  readonly name: string;
  readonly text?: string;
  readonly tags?: readonly string[];
  readonly found?: number;
}
interface NoteSchema extends DBSchema {
  notes: { key: string; value: Note };
  files: { key: string; value: Blob };
  lines: { key: [string, number]; value: { readonly at: Float32Array; readonly by?: string } };
  words: {
    key: string;
    value: { readonly id: string; readonly title: string; readonly all: readonly object[] };
  };
}
const migrations: Migrations<NoteSchema> = [
  (db) => {
    db.createObjectStore('notes', { keyPath: 'id' });
    db.createObjectStore('files');
    db.createObjectStore('lines');
    db.createObjectStore('words', { keyPath: 'id' });
  },
];

// There is no private file system here.
vi.spyOn(console, 'warn').mockImplementation(() => undefined);
afterEach(() => void vi.unstubAllGlobals());

let devices = 0;
/** A browser with a database of its own. */
function createDevice(
  steps = migrations,
  options: Partial<Pick<DatabasePartOptions<NoteSchema>, 'isWhole' | 'derived' | 'more' | 'nouns'>> = {},
) {
  const database = { name: `notes-${devices++}`, migrations: steps };
  const refresh = vi.fn(async () => undefined);
  const part: BackupPart = createDatabasePart<NoteSchema>({
    ...{ name: 'notes', title: 'Notes', noun: 'note', database, main: 'notes', ours: ['found'], refresh },
    titleOf: ({ name }) => String(name),
    schemas: { notes: v.looseObject({ id: v.string(), name: v.string() }), files: v.instance(Blob) },
    ...options,
  });
  const use = async <T>(run: (db: Awaited<ReturnType<typeof openDatabase<NoteSchema>>>) => Promise<T>) => {
    const db = await openDatabase<NoteSchema>(database.name, steps);
    return run(db).finally(() => db.close());
  };
  return { part, refresh, use };
}
type Device = ReturnType<typeof createDevice>;

const hooks = (onProgress: BackupHooks['onProgress'] = () => undefined, abort = new AbortController()) => ({
  ...{ signal: abort.signal, onProgress },
});
const save = async ({ part }: Device) => {
  const { name, blob, notes } = await saveBackup([part], hooks());
  return { file: new File([blob], name), notes };
};
const restore = ({ part }: Device, file: File) => restoreBackup(file, [part], hooks());

const bytes = (...all: number[]) => new Blob([Uint8Array.from(all)], { type: 'image/png' });

async function fill({ use }: Device, note: Note = { id: 'a', name: 'anna', text: 'hello' }) {
  await use(async (db) => {
    await db.put('notes', note);
    await db.put('files', bytes(1, 2, 3), note.id);
    await db.put('lines', { at: Float32Array.of(1.5, NaN, -0.1) }, [note.id, 0]);
  });
}
const notesOf = (device: Device) => device.use((db) => db.getAll('notes'));

describe('everything as one file', () => {
  it('leaves out what is made of the rest: an item with it is the same as one without', async () => {
    const options = { isWhole: true, derived: ['lines'] };
    const [here, there] = [createDevice(migrations, options), createDevice(migrations, options)];
    await fill(here);
    await fill(there);
    await there.use((db) => db.clear('lines'));
    expect(await restore(there, (await save(here)).file)).toEqual(['Here already: 1 note.']);
    expect(await there.use((db) => db.count('lines'))).toBe(0);
  });

  it('comes to another browser as it was: blobs, numbers that JSON does not know, fields that nobody told of', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here, { id: 'a', name: 'anna', ...{ later: { zoom: Infinity, when: new Date(5) } } });
    const { file, notes } = await save(here);
    expect(file.name).toMatch(/^mien-\d{4}-\d\d-\d\d\.zip$/);
    expect(notes).toEqual(['In the file: 1 note.']);
    expect(await restore(there, file)).toEqual(['Read back: 1 note.']);
    expect(there.refresh).toHaveBeenCalledOnce();
    await there.use(async (db) => {
      expect(await db.get('notes', 'a')).toEqual({
        ...{ id: 'a', name: 'anna', later: { zoom: Infinity, when: new Date(5) } },
      });
      const blob = (await db.get('files', 'a'))!;
      expect([blob.type, [...new Uint8Array(await blob.arrayBuffer())]]).toEqual(['image/png', [1, 2, 3]]);
      expect((await db.get('lines', ['a', 0]))!.at).toEqual(Float32Array.of(1.5, NaN, -0.1));
    });
  });

  it('is read by any program for ZIP, and comes back from one that packs it again in a folder', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here);
    const files = unzipSync(new Uint8Array(await (await save(here)).file.arrayBuffer()));
    expect(Object.keys(files)).toEqual(['notes/1/records.jsonl', 'notes/1/0', 'manifest.json']);
    const inFolder = Object.fromEntries(Object.entries(files).map(([name, data]) => [`mien/${name}`, data]));
    const packed = new File([Uint8Array.from(zipSync(inFolder))], 'again.zip');
    expect(await restore(there, packed)).toEqual(['Read back: 1 note.']);
  });

  it('read back twice changes nothing the second time', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here);
    const { file } = await save(here);
    await restore(there, file);
    expect(await restore(there, file)).toEqual(['Here already: 1 note.']);
    expect(await notesOf(there)).toHaveLength(1);
  });

  it('is told item by item, and stops where it is told to; what came is whole, and reading again goes on', async () => {
    const [here, there] = [createDevice(), createDevice()];
    for (const id of ['a', 'b', 'c']) await fill(here, { id, name: id });
    const { file } = await save(here);
    const abort = new AbortController();
    const told: string[] = [];
    const stopping = restoreBackup(
      file,
      [there.part],
      hooks(({ kind, done }) => {
        told.push(`${kind} ${done}`);
        if (kind === 'reading back' && done === 1) abort.abort();
      }, abort),
    );
    await expect(stopping).rejects.toThrow(/^It was stopped\..*Read back: 2 notes\.$/);
    expect(told.slice(0, 3)).toEqual(['checking 0', 'checking 1', 'checking 2']);
    expect(await notesOf(there)).toHaveLength(2);
    expect(await restore(there, file)).toEqual(['Read back: 1 note.', 'Here already: 2 notes.']);
  });

  it('stops being written when it is told to', async () => {
    const here = createDevice();
    await fill(here);
    const abort = new AbortController();
    const saving = saveBackup(
      [here.part],
      hooks(() => abort.abort(new Error('stop')), abort),
    );
    await expect(saving).rejects.toThrow('stop');
  });

  it('has what was never stored too, also where the browser stores nothing', async () => {
    const more = async function* () {
      yield {
        id: 'm',
        title: 'memory',
        async *records() {
          yield { store: 'notes', key: 'm', value: { id: 'm', name: 'memory' } };
        },
      };
    };
    const [here, there] = [createDevice(migrations, { more }), createDevice()];
    await fill(here);
    expect((await save(here)).notes).toEqual(['In the file: 2 notes.']);
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('private window', 'SecurityError');
      },
    });
    const { file, notes } = await save(here);
    vi.unstubAllGlobals();
    expect(notes).toEqual(['In the file: 1 note.']);
    await restore(there, file);
    expect(await notesOf(there)).toEqual([{ id: 'm', name: 'memory' }]);
  });

  it('does without a record or an item that cannot be read, says so, and has all others', async () => {
    const [here, there] = [createDevice(), createDevice()];
    for (const id of ['a', 'b', 'c', 'd']) await fill(here, { id, name: `note ${id}` });
    const get = IDBObjectStore.prototype.get;
    const reading = vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(function (
      this: IDBObjectStore,
      key,
    ) {
      const isLost = this.name === 'notes' ? key === 'b' : this.name === 'lines' && `${key}` === 'c,0';
      if (isLost) throw new DOMException('Failed to read large IndexedDB value', 'DataError');
      return get.call(this, key);
    });
    const { file, notes } = await save(here);
    reading.mockRestore();
    expect(notes).toEqual([
      'In the file: 3 notes.',
      'b could not be read, and is not in the file: Notes: Failed to read large IndexedDB value',
      'note c: a part of it could not be read, and is not in the file: note c: Failed to read large IndexedDB value',
    ]);
    expect(await restore(there, file)).toEqual(['Read back: 3 notes.']);
    expect((await notesOf(there)).map(({ id }) => id)).toEqual(['a', 'c', 'd']);
  });

  it('does without a value that no file can hold', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here, { id: 'a', name: 'anna', ...{ later: new Map() } });
    await fill(here, { id: 'b', name: 'bert' });
    const { file, notes } = await save(here);
    expect(notes[1]).toMatch(
      /^anna could not be read, and is not in the file: backup: a value of an unknown/,
    );
    expect(await restore(there, file)).toEqual(['Read back: 1 note.']);
  });

  it('does without a part that cannot be read, and says so', async () => {
    const here = createDevice();
    await fill(here);
    const broken: BackupPart = {
      ...{ ...createDevice().part, name: 'others', title: 'Others' },
      // eslint-disable-next-line require-yield
      async *items() {
        throw new Error('the disk is gone');
      },
    };
    const { notes } = await saveBackup([broken, here.part], hooks());
    expect(notes).toEqual([
      'In the file: 1 note.',
      'Others could not be read, and are not in the file as a whole: the disk is gone',
    ]);
  });
});

describe('what is here already', () => {
  const meet = async (mine: Note, theirs: Note, options = {}) => {
    const [here, there] = [createDevice(migrations, options), createDevice(migrations, options)];
    await fill(here, mine);
    await fill(there, theirs);
    return { here, file: (await save(there)).file };
  };

  it('gets what it lacks, and keeps what it has', async () => {
    const { here, file } = await meet(
      { id: 'a', name: 'anna', text: '', tags: ['mine'], found: 1 },
      { id: 'a', name: 'anna', text: 'theirs', found: 2 },
    );
    expect(await restore(here, file)).toEqual(['What was missing here was taken over: anna.']);
    expect(await notesOf(here)).toEqual([
      { id: 'a', name: 'anna', text: 'theirs', tags: ['mine'], found: 1 },
    ]);
  });

  it('and is another is kept beside it, once, however often the file is read', async () => {
    const { here, file } = await meet(
      { id: 'a', name: 'anna', text: 'mine' },
      { id: 'a', name: 'anna', text: 'theirs' },
    );
    expect(await restore(here, file)).toEqual(['Not the same as here, so both are kept: anna.']);
    expect(await restore(here, file)).toEqual(['Here already: 1 note.']);
    const [mine, theirs, ...more] = await notesOf(here);
    expect([mine.text, theirs.text, more]).toEqual(['mine', 'theirs', []]);
    // With all that belongs to it.
    expect(await here.use((db) => db.get('lines', [theirs.id, 0]))).toBeDefined();
    expect((await here.use((db) => db.get('files', theirs.id)))!.size).toBe(3);
  });

  it('and is another is there once on each of two devices, however often they exchange files', async () => {
    const [one, other] = [createDevice(), createDevice()];
    await fill(one, { id: 'a', name: 'anna', text: 'mine', found: 1 });
    await fill(other, { id: 'a', name: 'anna', text: 'theirs', found: 2 });
    const exchange = async (from: Device, to: Device) => restore(to, (await save(from)).file);
    const textsOf = async (device: Device) => (await notesOf(device)).map(({ text }) => text).sort();
    for (let round = 1; round <= 3; round++) {
      await exchange(one, other);
      // What is no work of a person's changes by itself.
      await other.use(async (db) => {
        for (const note of await db.getAll('notes')) await db.put('notes', { ...note, found: 10 * round });
      });
      await exchange(other, one);
      expect([round, await textsOf(one), await textsOf(other)]).toEqual([
        ...[round, ['mine', 'theirs'], ['mine', 'theirs']],
      ]);
    }
  });

  it('and of which a copy came before, changed here since, is kept beside it', async () => {
    const { here, file } = await meet(
      { id: 'a', name: 'anna', text: 'mine' },
      { id: 'a', name: 'anna', text: 'theirs' },
    );
    await restore(here, file);
    await here.use(async (db) => {
      const copy = (await db.getAll('notes')).find(({ text }) => text === 'theirs')!;
      await db.put('notes', { ...copy, text: 'theirs, changed' });
    });
    const told = 'Not the same as here, so both are kept: anna.';
    expect([await restore(here, file), await restore(here, file)]).toEqual([
      [told],
      ['Here already: 1 note.'],
    ]);
    expect((await notesOf(here)).map(({ text }) => text).sort()).toEqual([
      ...['mine', 'theirs', 'theirs, changed'],
    ]);
  });

  it('and differs in its bytes alone is another', async () => {
    const { here, file } = await meet({ id: 'a', name: 'anna' }, { id: 'a', name: 'anna' });
    await here.use((db) => db.put('files', bytes(7, 7, 7), 'a'));
    await restore(here, file);
    const third = createDevice();
    await fill(third, { id: 'a', name: 'anna' });
    await third.use((db) => db.put('files', bytes(8, 8, 8), 'a'));
    await restore(here, (await save(third)).file);
    const kept = await here.use((db) => db.getAll('files'));
    const firsts = await Promise.all(kept.map(async (blob) => new Uint8Array(await blob.arrayBuffer())[0]));
    expect(firsts.sort()).toEqual([1, 7, 8]);
  });

  it.each([
    [false, 'What was missing here was taken over: anna.'],
    [true, 'Not the same as here, so both are kept: anna.'],
  ])('and lacks a record gets it, unless its records are one whole (%s)', async (isWhole, told) => {
    const note: Note = { id: 'a', name: 'anna' };
    const { here, file } = await meet(note, note, { isWhole });
    await here.use((db) => db.delete('lines', ['a', 0]));
    expect(await restore(here, file)).toEqual([told]);
  });

  it('of things that serve others, the lists become one', async () => {
    const [here, there] = [createDevice(), createDevice()];
    const word = (title: string, ids: number[]) => ({ id: 'w', title, all: ids.map((id) => ({ id })) });
    await here.use((db) => db.put('words', word('mine', [1, 2])));
    await there.use((db) => db.put('words', word('theirs', [2, 3])));
    await restore(here, (await save(there)).file);
    expect(await here.use((db) => db.get('words', 'w'))).toEqual(word('mine', [1, 2, 3]));
  });

  it('of lists that belong together none gets what is in another, and things without ids come by their content', async () => {
    const [here, there] = [createDevice(), createDevice()];
    const word = (all: number[], gone: number[], pairs: number[][]) => ({
      ...{ id: 'w', title: 'word', gone: gone.map((id) => ({ id })), pairs },
      all: all.map((id) => ({ id })),
    });
    await here.use((db) => db.put('words', word([1, 2], [], [[1, 2]])));
    await there.use((db) =>
      db.put(
        'words',
        word(
          [1, 3],
          [2, 4],
          [
            [1, 2],
            [1, 3],
          ],
        ),
      ),
    );
    await restore(here, (await save(there)).file);
    expect(await here.use((db) => db.get('words', 'w'))).toEqual(
      word(
        [1, 2, 3],
        [4],
        [
          [1, 2],
          [1, 3],
        ],
      ),
    );
  });

  it('of things that serve others, lists without ids stay as they are', async () => {
    const [here, there] = [createDevice(), createDevice()];
    const word = (losses: number[], edges: number[][]) => ({
      ...{ id: 'w', title: 'word', all: [] },
      report: { losses, edges },
    });
    await here.use((db) => db.put('words', word([3, 2], [[1, 2]])));
    await there.use((db) => db.put('words', word([5, 4, 3], [[2, 3]])));
    expect(await restore(here, (await save(there)).file)).toEqual(['Here already: 1 note.']);
    expect(await here.use((db) => db.get('words', 'w'))).toEqual(word([3, 2], [[1, 2]]));
  });

  it('of items by themselves each is called what it is', async () => {
    const nouns = { words: 'set of words' };
    const [here, there] = [createDevice(migrations, { nouns }), createDevice(migrations, { nouns })];
    await fill(here);
    for (const id of ['v', 'w']) await here.use((db) => db.put('words', { id, title: id, all: [] }));
    const { file, notes } = await save(here);
    expect(notes).toEqual(['In the file: 2 sets of words, 1 note.']);
    expect(await restore(there, file)).toEqual(['Read back: 2 sets of words, 1 note.']);
  });
});

describe('reading back', () => {
  /** A note with more lines than are written at once. */
  const fillLong = async (device: Device, lines: number) => {
    await fill(device);
    await device.use(async (db) => {
      for (let i = 0; i < lines; i++) await db.put('lines', { at: Float32Array.of(i) }, ['a', i]);
    });
  };

  it('that was broken off by a reload leaves nothing behind in what is read later', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fillLong(here, 40);
    const { file: longer } = await save(here);
    // As far as it came: the note itself is written last.
    await restore(there, longer);
    await there.use((db) => db.delete('notes', 'a'));
    const shorter = createDevice();
    await fillLong(shorter, 3);
    expect(await restore(there, (await save(shorter)).file)).toEqual(['Read back: 1 note.']);
    expect(await there.use((db) => db.count('lines'))).toBe(3);
  });

  it('begins once what was changed here is in storage', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here);
    const { file } = await save(here);
    const settle = () => fill(there, { id: 'a', name: 'anna', text: 'mine' });
    expect(await restoreBackup(file, [{ ...there.part, settle }], hooks())).toEqual([
      'Not the same as here, so both are kept: anna.',
    ]);
  });

  it('says what stopped it, also where a page cannot show what came', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here);
    const { file } = await save(here);
    const full = new StorageError('full', 'anna: no room');
    const part: BackupPart = {
      ...there.part,
      take: () => Promise.reject(full),
      refresh: () => Promise.reject(new Error('cannot be shown')),
    };
    await expect(restoreBackup(file, [part], hooks())).rejects.toThrow(
      /^The browser’s storage is full.*\(anna: no room\) Reload the page to see it: cannot be shown$/,
    );
    const shown = { ...there.part, refresh: part.refresh };
    expect(await restoreBackup(file, [shown], hooks())).toEqual([
      'Read back: 1 note.',
      'Reload the page to see it: cannot be shown',
    ]);
  });

  it('in a window that keeps nothing says so, and changes nothing', async () => {
    const [here, there] = [createDevice(), createDevice()];
    await fill(here);
    const { file } = await save(here);
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('private window', 'SecurityError');
      },
    });
    const reading = restore(there, file);
    await expect(reading).rejects.toThrow(
      /^mien-.*\.zip: cannot be read back here\. The browser keeps nothing for this page, as in a private window/,
    );
    vi.unstubAllGlobals();
  });
});

describe('a file that is not as it should be is refused by name, and nothing is changed', () => {
  const changed = async (change: (files: Record<string, Uint8Array>) => void, device = createDevice()) => {
    await fill(device);
    const files = unzipSync(new Uint8Array(await (await save(device)).file.arrayBuffer()));
    change(files);
    return new File([Uint8Array.from(zipSync(files))], 'mine.zip');
  };
  const text = (value: string) => new TextEncoder().encode(value);
  const replaced = (bytes: Uint8Array, from: string | RegExp, to: string) =>
    text(new TextDecoder().decode(bytes).replace(from, to));
  const records = 'notes/1/records.jsonl';

  it.each<[string, (files: Record<string, Uint8Array>) => void, string]>([
    [
      'no manifest',
      (files) => delete files['manifest.json'],
      'mine.zip: is no file of everything kept in Mien',
    ],
    [
      'another program’s manifest',
      (files) => (files['manifest.json'] = text('{"name": "page"}')),
      'mine.zip: is no file of everything kept in Mien',
    ],
    [
      'a newer version',
      (files) => (files['manifest.json'] = replaced(files['manifest.json'], '"version":1', '"version":2')),
      'mine.zip: was made by a newer version of Mien',
    ],
    ['a missing file', (files) => delete files['notes/1/0'], 'mine.zip: anna: notes/1/0 is missing'],
    [
      'a record cut short',
      (files) => (files[records] = files[records].slice(0, -20)),
      'mine.zip: anna: record 3 is damaged',
    ],
    [
      'a record too few',
      (files) => (files[records] = replaced(files[records], /[^\n]*\n$/, '')),
      'mine.zip: anna: has 2 records, not 3',
    ],
    [
      'a field of another kind',
      (files) => (files[records] = replaced(files[records], '"anna"', '7')),
      'mine.zip: Notes: anna: notes.name: Invalid type: Expected string but received 7',
    ],
    [
      'a record of another',
      (files) => (files[records] = replaced(files[records], '["a",0]', '["b",0]')),
      'mine.zip: Notes: anna: a record of lines belongs to another',
    ],
    [
      'an unknown store',
      (files) => (files[records] = replaced(files[records], '"lines"', '"lives"')),
      'mine.zip: Notes: anna: unknown store lives',
    ],
  ])('%s', async (_, change, message) => {
    const device = createDevice();
    await fill(device, { id: 'z', name: 'zoe' });
    await expect(restore(device, await changed(change))).rejects.toThrow(message);
    expect(await notesOf(device)).toEqual([{ id: 'z', name: 'zoe' }]);
  });

  it('a part of a newer version', async () => {
    const newer = createDevice([...migrations, () => undefined]);
    await fill(newer);
    await expect(restore(createDevice(), (await save(newer)).file)).rejects.toThrow(
      'its notes are of a newer version of Mien; reload the page',
    );
  });
});

it('a file of an older version is carried over by the database’s own steps', async () => {
  const older = createDevice();
  await fill(older);
  const newer = createDevice([
    ...migrations,
    async (_, upgrade) => {
      for await (const cursor of upgrade.objectStore('notes'))
        await cursor.update({ ...cursor.value, tags: ['carried over'] });
    },
  ]);
  expect(await restore(newer, (await save(older)).file)).toEqual(['Read back: 1 note.']);
  expect(await notesOf(newer)).toEqual([{ id: 'a', name: 'anna', text: 'hello', tags: ['carried over'] }]);
  expect((await newer.use((db) => db.get('files', 'a')))!.size).toBe(3);
});
