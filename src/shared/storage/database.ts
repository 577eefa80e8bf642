/** Shared by all databases of the app: opening with migrations, and atomic transactions. */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb';
import { StorageError, toStorageError, type StorageProblem } from './storage-error';

type Upgrade<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], 'versionchange'>;

/**
 * Step i takes a database of version i to version i + 1. A released step is never changed: browsers hold databases
 * that it made. It may await only requests of its transaction, or the transaction commits under it.
 */
export type Migrations<S extends DBSchema> = readonly ((
  db: IDBPDatabase<S>,
  upgrade: Upgrade<S>,
) => void | Promise<void>)[];

/** An open database that says nothing for so long is given up, ms: some browsers fall silent while another page goes away. */
const SILENT_MS = 20_000;

/**
 * @param onBlocked called while another tab holds an older version of the database; opening continues once that tab is closed.
 *   Without it, that is an error.
 * @throws StorageError `unavailable`, `newer`, `full`, `blocked`, or `failed` where the browser does not answer
 */
export async function openDatabase<S extends DBSchema>(
  name: string,
  migrations: Migrations<S>,
  onBlocked?: () => void,
): Promise<IDBPDatabase<S>> {
  let broken: unknown = null;
  let giveUp: (problem: StorageProblem, reason: string) => void = () => {};
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = (problem, reason) => reject(new StorageError(problem, `storage: ${reason}`));
  });
  const silence = setTimeout(
    () => giveUp('failed', `the browser did not answer for ${SILENT_MS / 1000} s; reload the page`),
    SILENT_MS,
  );
  const open = async () =>
    openDB<S>(name, migrations.length, {
      async upgrade(opened, oldVersion, _newVersion, upgrade) {
        // It answers: a large database takes its time.
        clearTimeout(silence);
        try {
          for (const migrate of migrations.slice(oldVersion)) await migrate(opened, upgrade);
        } catch (reason) {
          // Without this a half-done migration would be committed; now the older database stays.
          broken = reason;
          upgrade.done.catch(() => {});
          upgrade.abort();
        }
      },
      blocked() {
        clearTimeout(silence);
        if (onBlocked) onBlocked();
        else giveUp('blocked', 'an older version of the app holds it in another tab');
      },
      // Do not block a newer version in another tab; from here on, calls fail as `closed`.
      blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
    });
  const opening = open();
  try {
    const db = await Promise.race([opening, givenUp]);
    clearTimeout(silence);
    if (await withinTrial(refusesFiles(db))) throw new Error('storage: this window keeps no files');
    return db;
  } catch (thrown) {
    // Close a connection that opens after we gave up.
    void opening.then(
      (db) => db.close(),
      () => {},
    );
    const { problem, message } = toStorageError(broken ?? thrown, 'storage');
    const known = ['newer', 'full', 'blocked'].includes(problem) || thrown instanceof StorageError;
    throw new StorageError(known ? problem : 'unavailable', message, { cause: thrown });
  } finally {
    clearTimeout(silence);
  }
}

/** So long the trial below may wait for another tab that writes, such as a large film, ms. Without its answer, files are kept. */
const TRIAL_MS = 5000;

async function withinTrial(refuses: Promise<boolean>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), TRIAL_MS)));
  return Promise.race([refuses, late]).finally(() => clearTimeout(timer));
}

/** Private windows of WebKit open databases and keep records in them, but refuse every blob, each with its whole transaction. */
async function refusesFiles<S extends DBSchema>(opened: IDBPDatabase<S>): Promise<boolean> {
  const db = opened as unknown as IDBPDatabase;
  return !(await accepts(db, new Blob(['file']))) && (await accepts(db, 'text'));
}

/** Tries to keep a value under a key of its own, and takes it back. Other troubles, such as a full disk, are left to those who write. */
async function accepts(db: IDBPDatabase, value: unknown): Promise<boolean> {
  try {
    const transaction = db.transaction([...db.objectStoreNames], 'readwrite');
    transaction.done.catch(() => {});
    const stores = [...db.objectStoreNames].map((name) => transaction.objectStore(name));
    await stores.find(({ keyPath }) => keyPath === null)?.put(value, 'trial');
    transaction.abort();
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && thrown.name === 'UnknownError');
  }
}

export type Write<S extends DBSchema> = (
  to: IDBPTransaction<S, StoreNames<S>[], 'readwrite'>,
) => Promise<unknown>;

/** Carries out all writes in one transaction, or none. @throws StorageError naming the subject */
export function change<S extends DBSchema>(
  db: IDBPDatabase<S>,
  subject: string,
  writes: readonly Write<S>[],
): Promise<void> {
  return naming(subject, async () => {
    const transaction = db.transaction([...db.objectStoreNames] as StoreNames<S>[], 'readwrite');
    const requests: Promise<unknown>[] = [transaction.done];
    try {
      for (const write of writes) requests.push(write(transaction));
    } catch (thrown) {
      // A value that cannot be stored throws at once; without the abort the requests before it would be committed.
      transaction.abort();
      await Promise.allSettled(requests);
      throw thrown;
    }
    const reasons = (await Promise.allSettled(requests)).flatMap((end) =>
      end.status === 'rejected' ? [end.reason as unknown] : [],
    );
    // One failed request aborts all others, whose errors say only that.
    const isCause = (reason: unknown) => !(reason instanceof Error && reason.name === 'AbortError');
    if (reasons.length) throw transaction.error ?? reasons.find(isCause) ?? reasons[0];
  });
}

/** Runs a transaction; errors become a `StorageError` that names the subject. */
export async function naming<T>(subject: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw toStorageError(thrown, subject);
  }
}
