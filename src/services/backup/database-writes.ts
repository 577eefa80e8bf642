/** Writes the records of items to a database, and removes them. */

import type { IDBPDatabase } from 'idb';
import { change, type Write } from '../../shared/storage/database';
import { isLoose, rangesOf, type Db } from './database-items';
import type { StoredRecord } from './types';

/** Records that are written at once. */
const BATCH = 16;

type AnySchema = Record<string, { key: IDBValidKey; value: unknown }>;

/** Writes what belongs to an item first and its own record last: until then it is not there. */
export async function add(
  db: Db,
  main: string,
  title: string,
  id: string,
  records: AsyncIterable<StoredRecord>,
): Promise<void> {
  let batch: StoredRecord[] = [];
  let last: StoredRecord | null = null;
  // Another reading may have been broken off here, and left what this one lacks.
  await removeAll(db, main, id);
  try {
    for await (const record of records) {
      if (record.store === main) last = record;
      else batch.push(record);
      if (batch.length < BATCH) continue;
      await putAll(db, title, batch);
      batch = [];
    }
    await putAll(db, title, last ? [...batch, last] : batch);
  } catch (thrown) {
    await removeAll(db, main, id).catch(() => undefined);
    throw thrown;
  }
}

export function putAll(db: Db, title: string, records: readonly StoredRecord[]): Promise<void> {
  if (!records.length) return Promise.resolve();
  const writes = records.map<Write<AnySchema>>(({ store, key, value }) => (to) => {
    const objects = to.objectStore(store as never);
    return objects.put(value, objects.keyPath === null ? key : undefined);
  });
  return change(db as unknown as IDBPDatabase<AnySchema>, title, writes);
}

async function removeAll(db: Db, main: string, id: string): Promise<void> {
  const stores = [...db.objectStoreNames].filter((store) => !isLoose(db, store, main));
  const to = db.transaction(stores, 'readwrite');
  await Promise.all(
    stores.flatMap((store) => rangesOf(id).map((range) => to.objectStore(store).delete(range))),
  );
  await to.done;
}
