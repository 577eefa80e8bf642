/** Items of a database: which records belong together. */

import type { DBSchema, IDBPDatabase } from 'idb';
import { naming } from '../../shared/storage/database';
import type { DatabasePartOptions } from './database-options';
import { Unreadable, type BackupItem } from './types';

/** Of a database of which nothing is known. */
export type Db = IDBPDatabase;

/** All keys that are an id or begin with it: an array sorts after every text and number. */
export const rangesOf = (id: string) => [IDBKeyRange.only(id), IDBKeyRange.bound([id], [id, []])];

/** Whether records of a store are items by themselves. */
export const isLoose = (db: Db, store: string, main: string) =>
  store !== main && db.transaction(store).store.keyPath === 'id';

/** One that cannot be read must not keep the others from being saved. */
export async function valueOf(db: Db, store: string, key: IDBValidKey, subject: string): Promise<unknown> {
  try {
    return await naming(subject, async () => db.get(store, key));
  } catch (thrown) {
    return new Unreadable(thrown);
  }
}

/** An item by itself, from storage or from elsewhere. */
export function looseItem(
  store: string,
  value: unknown,
  id: string,
  { quiet = [], nouns = {} }: Pick<DatabasePartOptions<DBSchema>, 'quiet' | 'nouns'>,
): BackupItem {
  const { title } = value as { title?: unknown };
  return {
    id: `${store}:${id}`,
    title: typeof title === 'string' ? title : id,
    isQuiet: quiet.includes(store),
    noun: nouns[store],
    async *records() {
      yield { store, key: id, value };
    },
  };
}

/** The item as it is at this moment: which records it has is read at once, the records themselves as they are wanted. */
export async function readItem(
  db: Db,
  id: string,
  {
    main,
    title: titleOfAll,
    titleOf,
    derived = [],
    asHere = (stored) => stored,
  }: Pick<DatabasePartOptions<DBSchema>, 'main' | 'title' | 'titleOf' | 'derived' | 'asHere'>,
): Promise<BackupItem | null> {
  const stores = [...db.objectStoreNames].filter((store) => !isLoose(db, store, main));
  const others = stores.filter((store) => store !== main && !derived.includes(store));
  const keys = await keysOf(db, others, id);
  const stored = await valueOf(db, main, id, titleOfAll);
  if (stored === undefined) return null;
  const isRead = !(stored instanceof Unreadable);
  const value = isRead ? asHere(stored as Record<string, unknown>) : stored;
  const title = isRead ? titleOf(stored as Record<string, unknown>) : id;
  return {
    id,
    title,
    async *records() {
      yield { store: main, key: id, value };
      for (const { store, key } of keys) {
        const part = await valueOf(db, store, key, title);
        if (part !== undefined) yield { store, key, value: part };
      }
    },
  };
}

/** Keys of the records of these stores that belong to an item, in one transaction. */
async function keysOf(
  db: Db,
  stores: readonly string[],
  id: string,
): Promise<readonly { readonly store: string; readonly key: IDBValidKey }[]> {
  if (!stores.length) return [];
  const read = db.transaction(stores);
  const keys = await Promise.all(
    stores.flatMap((store) =>
      rangesOf(id).map(async (range) =>
        (await read.objectStore(store).getAllKeys(range)).map((key) => ({ store, key })),
      ),
    ),
  );
  return keys.flat();
}
