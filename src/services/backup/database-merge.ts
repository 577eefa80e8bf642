/** What comes into a database beside what is there: which of it is the same, another version of it, or new. */

import { deleteDB, type DBSchema } from 'idb';
import { openDatabase } from '../../shared/storage/database';
import { isLoose, type Db } from './database-items';
import type { Database, DatabasePartOptions } from './database-options';
import { putAll } from './database-writes';
import { CONFLICT, isSame, mergeValues } from './merge';
import type { IncomingItem, StoredRecord } from './types';

export async function hasItem(db: Db, main: string, item: IncomingItem): Promise<boolean> {
  for await (const { store, key } of item.records())
    if (store === main || isLoose(db, store, main)) return (await db.getKey(store, key)) !== undefined;
  return false;
}

/** What `take` adds to the id of an item to call the copy of another: stamps. */
const stamps = /(-[0-9a-f]{8})+$/;

/**
 * Ids of all others here that were one item at first: what is another on two devices has the item's own id on each of them, and
 * that of a copy on the other.
 */
export async function kinOf(db: Db, main: string, id: string): Promise<readonly string[]> {
  const first = id.replace(stamps, '');
  const keys = await db.getAllKeys(main, IDBKeyRange.bound(first, `${first}-\uffff`));
  return keys.map(String).filter((key) => key !== id && key.replace(stamps, '') === first);
}

/** What has to be written so that nothing of the records is missing here; null where what is here is another item. */
export async function changesBy(
  db: Db,
  records: AsyncIterable<StoredRecord>,
  { main, ours, isWhole = false }: Pick<DatabasePartOptions<DBSchema>, 'main' | 'ours' | 'isWhole'>,
): Promise<StoredRecord[] | null> {
  const changes: StoredRecord[] = [];
  for await (const { store, key, value } of records) {
    const here: unknown = await db.get(store, key);
    if (isWhole && store !== main && !(await isSame(here, value))) return null;
    const merged = await mergeValues(here, value, { ours, isOursFirst: isLoose(db, store, main) });
    if (merged === CONFLICT) return null;
    if (merged !== here) changes.push({ store, key, value: merged });
  }
  return changes;
}

/** The same records under another id. */
export async function* renamed(
  db: Db,
  records: AsyncIterable<StoredRecord>,
  id: string,
): AsyncGenerator<StoredRecord> {
  for await (const { store, key, value } of records) {
    const { keyPath } = db.transaction(store).store;
    const field = Array.isArray(keyPath) ? keyPath[0] : keyPath;
    yield {
      store,
      key: Array.isArray(key) ? [id, ...key.slice(1)] : id,
      value: field === null ? value : { ...(value as object), [field]: id },
    };
  }
}

/** Records of an older version as this one has them: the database's own steps carry them over, in a database of their own. */
export async function* migrated<S extends DBSchema>(
  { name, migrations }: Database<S>,
  version: number,
  records: AsyncIterable<StoredRecord>,
): AsyncGenerator<StoredRecord> {
  const aside = `${name}-incoming`;
  await deleteDB(aside);
  const older = (await openDatabase(aside, migrations.slice(0, version))) as unknown as Db;
  try {
    for await (const record of records) await putAll(older, aside, [record]);
  } finally {
    older.close();
  }
  const newer = (await openDatabase(aside, migrations)) as unknown as Db;
  try {
    for (const store of newer.objectStoreNames)
      for (const key of await newer.getAllKeys(store))
        yield { store, key, value: await newer.get(store, key) };
  } finally {
    newer.close();
    await deleteDB(aside);
  }
}
