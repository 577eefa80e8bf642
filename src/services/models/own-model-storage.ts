/** Models that a person brought along, in IndexedDB: the entry as a registry would have it, and the files. */

import type { DBSchema, IDBPDatabase } from 'idb';
import type { RegistryEntry } from '../../engine/types';
import { change, naming, openDatabase, type Migrations } from '../../shared/storage/database';

/** A registry entry that no registry has. */
export interface OwnModelEntry extends RegistryEntry {
  readonly addedMs: number;
  /** Of a model that was taught here: id of the model that it stands on. Missing for others. */
  readonly base?: string;
}

export interface ModelSchema extends DBSchema {
  models: { key: string; value: OwnModelEntry };
  /** By the model's id, then the file's path. */
  files: { key: [string, string]; value: Blob };
}

const migrations: Migrations<ModelSchema> = [
  (db) => {
    db.createObjectStore('models', { keyPath: 'id' });
    db.createObjectStore('files');
  },
];

/** @throws StorageError from every call, naming the model. */
export interface ModelStore {
  /** In the order they were added. */
  load(): Promise<OwnModelEntry[]>;
  /** Puts a model in the place of one of the same id. */
  add(entry: OwnModelEntry, files: ReadonlyMap<string, Blob>): Promise<void>;
  /** The model's files by path; one that is not there any more is left out. */
  files(entry: OwnModelEntry): Promise<Map<string, Blob>>;
  remove(id: string): Promise<void>;
}

export type OpenModelStore = () => Promise<ModelStore>;

export const modelDatabase = { name: 'mien-models', migrations };

/** @throws StorageError `unavailable`, `newer`, `full` or `blocked` */
export async function openModelStore(name = modelDatabase.name): Promise<ModelStore> {
  return createStore(await openDatabase<ModelSchema>(name, migrations));
}

function createStore(db: IDBPDatabase<ModelSchema>): ModelStore {
  return {
    load: () =>
      naming('storage', async () => {
        const entries = await db.getAll('models');
        return entries.sort((one, other) => one.addedMs - other.addedMs);
      }),
    add: (entry, files) =>
      change(db, `model ${entry.title}`, [
        (to) => to.objectStore('models').put(entry),
        ...[...files].map<Parameters<typeof change<ModelSchema>>[2][number]>(
          ([path, file]) =>
            (to) =>
              to.objectStore('files').put(file, [entry.id, path]),
        ),
      ]),
    files: (entry) =>
      naming(`model ${entry.title}`, async () => {
        const read = async (path: string) => [path, await db.get('files', [entry.id, path])] as const;
        const found = await Promise.all(entry.files.map(({ path }) => read(path)));
        return new Map(found.flatMap(([path, file]) => (file ? [[path, file] as const] : [])));
      }),
    remove: (id) =>
      change(db, 'storage', [
        (to) => to.objectStore('models').delete(id),
        // An array sorts after every text, so this is all keys that begin with the id.
        (to) => to.objectStore('files').delete(IDBKeyRange.bound([id], [id, []])),
      ]),
  };
}
