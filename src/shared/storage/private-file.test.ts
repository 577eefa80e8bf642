import { beforeEach, expect, test, vi } from 'vitest';

/** A browser: what it keeps for the page, and which locks its pages hold. */
let files: Map<string, Map<string, string>>;
let held: string[];

const notFound = () => Promise.reject(new DOMException('is not there', 'NotFoundError'));

function folderHandle(folder: string) {
  const inside = () => files.get(folder)!;
  return {
    keys: async function* () {
      yield* [...inside().keys()];
    },
    removeEntry: async (name: string) => void inside().delete(name),
    getFileHandle: async (name: string) => {
      inside().set(name, '');
      return { createWritable: async () => ({}), getFile: async () => new File([], name) };
    },
  };
}

/** Another tab, or the next visit. */
async function openTab() {
  vi.resetModules();
  return import('./private-file');
}

beforeEach(() => {
  files = new Map();
  held = [];
  const root = {
    getDirectoryHandle: async (folder: string, options?: { create?: boolean }) => {
      if (!files.has(folder) && !options?.create) return notFound();
      if (!files.has(folder)) files.set(folder, new Map());
      return folderHandle(folder);
    },
  };
  vi.stubGlobal('navigator', {
    storage: { getDirectory: async () => root },
    locks: {
      request: (name: string, run: () => unknown) => {
        held.push(name);
        return run();
      },
      query: async () => ({ held: held.map((name) => ({ name })) }),
    },
  });
});

test('what an earlier visit left is removed by the next one', async () => {
  await (await openTab()).createPrivateFile('backups');
  held = [];
  const { removeLeftovers } = await openTab();
  await removeLeftovers();
  expect(files.get('backups')!.size).toBe(0);
});

test('a file that another tab has use for stays, when this one starts and when it makes a file of its own', async () => {
  await (await openTab()).createPrivateFile('backups');
  const [theirs] = files.get('backups')!.keys();
  const { createPrivateFile, removeLeftovers } = await openTab();
  await removeLeftovers();
  await createPrivateFile('backups');
  expect(files.get('backups')!.size).toBe(2);
  // The own one of before is not needed any more.
  await createPrivateFile('backups');
  expect(files.get('backups')!.size).toBe(2);
  expect([...files.get('backups')!.keys()]).toContain(theirs);
});

test('a browser without such a file system has nothing to remove', async () => {
  vi.stubGlobal('navigator', {});
  const { removeLeftovers } = await openTab();
  await expect(removeLeftovers()).resolves.toBeUndefined();
});
