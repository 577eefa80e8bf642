/**
 * The part of one database. It knows which records belong together, and of their fields only what it is told, so that fields
 * and stores that come later travel too.
 */

import { deleteDB, type DBSchema, type IDBPDatabase } from 'idb';
import * as v from 'valibot';
import { change, naming, openDatabase, type Migrations, type Write } from '../../shared/storage/database';
import { toStorageError } from '../../shared/storage/storage-error';
import { CONFLICT, isSame, mergeValues } from './merge';
import {
  Unreadable,
  type BackupItem,
  type BackupPart,
  type IncomingItem,
  type Outcome,
  type StoredRecord,
} from './types';

export interface Database<S extends DBSchema> {
  readonly name: string;
  readonly migrations: Migrations<S>;
}

export interface DatabasePartOptions<S extends DBSchema> extends Pick<
  BackupPart,
  'name' | 'title' | 'noun' | 'settle' | 'refresh'
> {
  readonly database: Database<S>;
  /**
   * The store whose records are the items, by `id`. Records of other stores whose key is, or begins with, such an id belong
   * to it; those of stores with an `id` of their own are items by themselves.
   */
  readonly main: string;
  readonly titleOf: (record: Record<string, unknown>) => string;
  /** What records have to look like to be of use, by their store; they may have more. */
  readonly schemas: Readonly<Record<string, v.GenericSchema>>;
  /** Fields that are no work of a person's: on merging, what is here stands. */
  readonly ours: readonly string[];
  /** What belongs to an item makes sense only as a whole: two items in which it differs are two. */
  readonly isWhole?: boolean;
  /** Stores with items of their own that nobody counts. */
  readonly quiet?: readonly string[];
  /** Stores whose records are made of those of others: they do not travel. */
  readonly derived?: readonly string[];
  /** What items of stores of their own are called, by the store: in the singular. */
  readonly nouns?: Readonly<Record<string, string>>;
  /** Items that storage does not have, or not as they are now. */
  readonly more?: () => AsyncIterable<BackupItem>;
  /** An item's own record, as storage has it, with what found no room there. Default: as it is. */
  readonly asHere?: (stored: Record<string, unknown>) => Record<string, unknown>;
}

/** Records that are written at once. */
const BATCH = 16;

type Db = IDBPDatabase;
/** Of a database of which nothing is known. */
type AnySchema = Record<string, { key: IDBValidKey; value: unknown }>;

/** An array sorts after every text and number, so this is all keys that begin with the id. */
const rangesOf = (id: string) => [IDBKeyRange.only(id), IDBKeyRange.bound([id], [id, []])];

/** Whether records of a store are items by themselves. */
const isLoose = (db: Db, store: string, main: string) =>
  store !== main && db.transaction(store).store.keyPath === 'id';

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

/** One that cannot be read must not keep the others from being saved. */
async function valueOf(db: Db, store: string, key: IDBValidKey, subject: string): Promise<unknown> {
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
async function readItem(
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

async function hasItem(db: Db, main: string, item: IncomingItem): Promise<boolean> {
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
async function kinOf(db: Db, main: string, id: string): Promise<readonly string[]> {
  const first = id.replace(stamps, '');
  const keys = await db.getAllKeys(main, IDBKeyRange.bound(first, `${first}-\uffff`));
  return keys.map(String).filter((key) => key !== id && key.replace(stamps, '') === first);
}

/** What has to be written so that nothing of the records is missing here; null where what is here is another item. */
async function changesBy(
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
async function* renamed(
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

/** Writes what belongs to an item first and its own record last: until then it is not there. */
async function add(
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

function putAll(db: Db, title: string, records: readonly StoredRecord[]): Promise<void> {
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

/** Records of an older version as this one has them: the database's own steps carry them over, in a database of their own. */
async function* migrated<S extends DBSchema>(
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
