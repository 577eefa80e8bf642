/**
 * The part of one database. It knows which records belong together, and of their fields only what it is told, so that fields
 * and stores that come later travel too.
 */

import type { DBSchema } from 'idb';
import * as v from 'valibot';
import { openDatabase } from '../../shared/storage/database';
import { toStorageError } from '../../shared/storage/storage-error';
import { isLoose, looseItem, readItem, valueOf, type Db } from './database-items';
import { changesBy, hasItem, kinOf, migrated, renamed } from './database-merge';
import type { DatabasePartOptions } from './database-options';
import { add, putAll } from './database-writes';
import type { BackupItem, BackupPart, IncomingItem, Outcome, StoredRecord } from './types';

export function createDatabasePart<S extends DBSchema>(options: DatabasePartOptions<S>): BackupPart {
  const { database, main, title, schemas } = options;
  const { name, migrations } = database;

  async function withDatabase<T>(run: (db: Db) => Promise<T>): Promise<T> {
    const db = (await openDatabase(name, migrations)) as unknown as Db;
    try {
      return await run(db);
    } finally {
      db.close();
    }
  }

  async function* items(): AsyncGenerator<BackupItem> {
    const ids = new Set<string>();
    for await (const item of options.more?.() ?? []) {
      ids.add(item.id);
      yield item;
    }
    try {
      for await (const item of storedItems(ids)) yield item;
    } catch (thrown) {
      const fault = toStorageError(thrown, title);
      // Where nothing can be kept, what there is came just now.
      if (!(options.more && fault.problem === 'unavailable')) throw fault;
    }
  }

  /** @param known of items that do not come again */
  async function* storedItems(known: ReadonlySet<string>): AsyncGenerator<BackupItem> {
    const db = (await openDatabase(name, migrations)) as unknown as Db;
    try {
      for (const store of db.objectStoreNames) {
        if (!isLoose(db, store, main)) continue;
        for (const id of await db.getAllKeys(store)) {
          const item = looseItem(store, await valueOf(db, store, id, title), String(id), options);
          if (!known.has(item.id)) yield item;
        }
      }
      for (const id of await db.getAllKeys(main)) {
        if (known.has(String(id))) continue;
        const item = await readItem(db, String(id), options);
        if (item) yield item;
      }
    } finally {
      db.close();
    }
  }

  const named = (item: BackupItem) => `${title}: ${item.title}`;

  /** The item as this version of the app has it. */
  const current = (item: IncomingItem, version: number): IncomingItem =>
    version === migrations.length
      ? item
      : { ...item, records: () => migrated(database, version, item.records()) };

  async function check(incoming: IncomingItem, version: number): Promise<void> {
    const item = current(incoming, version);
    await withDatabase(async (db) => {
      let hasMain = false;
      for await (const { store, key, value } of item.records()) {
        if (!db.objectStoreNames.contains(store)) throw new Error(`${named(item)}: unknown store ${store}`);
        const isAlone = isLoose(db, store, main);
        hasMain ||= store === main || isAlone;
        if (!isAlone && (Array.isArray(key) ? key[0] : key) !== item.id)
          throw new Error(`${named(item)}: a record of ${store} belongs to another`);
        const result = schemas[store] && v.safeParse(schemas[store], value);
        const issue = result?.issues?.[0];
        if (issue)
          throw new Error(
            `${named(item)}: ${[store, v.getDotPath(issue)].filter(Boolean).join('.')}: ${issue.message}`,
          );
      }
      if (!hasMain) throw new Error(`${named(item)}: its record is missing`);
    });
  }

  async function take(incoming: IncomingItem, version: number): Promise<Outcome> {
    const item = current(incoming, version);
    return withDatabase(async (db) => {
      const isHere = await hasItem(db, main, item);
      const merges: (readonly StoredRecord[])[] = [];
      for (const id of [...(isHere ? [item.id] : []), ...(await kinOf(db, main, item.id))]) {
        const records = id === item.id ? item.records() : renamed(db, item.records(), id);
        const changes = await changesBy(db, records, options);
        if (changes?.length === 0) return 'same';
        if (changes) merges.push(changes);
      }
      if (merges.length) {
        await putAll(db, item.title, merges[0]);
        return 'merged';
      }
      if (!isHere) {
        await add(db, main, item.title, item.id, item.records());
        return 'added';
      }
      let copy = item.id;
      do copy += `-${item.stamp}`;
      while ((await db.getKey(main, copy)) !== undefined);
      await add(db, main, item.title, copy, renamed(db, item.records(), copy));
      return 'both';
    });
  }

  return { ...options, version: migrations.length, items, check, take };
}
