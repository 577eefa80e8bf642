import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import { openDatabase, type Migrations } from './database';

const migrations: Migrations<never> = [
  (db) => {
    db.createObjectStore('records' as never, { keyPath: 'id' });
    db.createObjectStore('files' as never);
  },
];

/** Makes writing fail, as the browser's own errors do. */
function refuse(what: (value: unknown) => boolean, name: string) {
  const put = IDBObjectStore.prototype.put;
  return vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
    this: IDBObjectStore,
    ...args
  ) {
    if (what(args[0])) throw new DOMException('Error preparing Blob/File data', name);
    return put.apply(this, args);
  });
}
afterEach(() => vi.restoreAllMocks());

test('a window that keeps records but no files has no storage', async () => {
  refuse((value) => value instanceof Blob, 'UnknownError');
  await expect(openDatabase('private', migrations)).rejects.toMatchObject({ problem: 'unavailable' });
});

test.each(['UnknownError', 'QuotaExceededError'])(
  'one that writes nothing just now still opens: %s',
  async (name) => {
    refuse(() => true, name);
    const db = await openDatabase(name, migrations);
    db.close();
  },
);

test('a browser that never answers is given up after a while', async () => {
  vi.useFakeTimers();
  try {
    vi.spyOn(indexedDB, 'open').mockReturnValue(Reflect.construct(IDBOpenDBRequest, []));
    const failed = expect(openDatabase('silent', migrations)).rejects.toMatchObject({
      problem: 'failed',
      message: 'storage: the browser did not answer for 20 s; reload the page',
    });
    await vi.advanceTimersByTimeAsync(21_000);
    await failed;
  } finally {
    vi.useRealTimers();
  }
});

test('while another tab writes something large, a database opens all the same', async () => {
  const before = await openDatabase('busy', migrations);
  before.close();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    vi.spyOn(IDBObjectStore.prototype, 'put').mockReturnValue(Reflect.construct(IDBRequest, []));
    const opening = openDatabase('busy', migrations);
    await vi.waitFor(() => expect(IDBObjectStore.prototype.put).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(6000);
    (await opening).close();
  } finally {
    vi.useRealTimers();
  }
});

test('opening leaves nothing behind', async () => {
  const db = await openDatabase('clean', migrations);
  expect(await db.count('files' as never)).toBe(0);
  db.close();
});
