/** What becomes of pictures and corrections when the page is left, storage is full, or was made by an older version. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openLibrarySite, waitForLibrary, type LibrarySite, type Visit } from './library-page/site';

const MB = 1024 ** 2;

let site: LibrarySite;
let visit: Visit;
beforeAll(async () => {
  site = await openLibrarySite();
});
afterEach(() => visit?.close());
afterAll(() => site?.close());

const summary = () => visit.page.evaluate(() => window.libraryPage.summary());
const open = () => visit.page.evaluate(() => window.libraryPage.open());
const add = (names: readonly string[], bytes = 0) =>
  visit.page.evaluate(([all, size]) => window.libraryPage.add(all, 40, 30, size), [names, bytes] as const);
const move = (name: string, px: number) =>
  visit.page.evaluate(([which, by]) => window.libraryPage.movePoint(which, by), [name, px] as const);
const settled = () => visit.page.evaluate(() => window.libraryPage.library!.store.settled());

test('pictures and corrections survive a reload, the newest of them even without a moment’s wait', async () => {
  visit = await site.visit();
  await open();
  await add(['a.png', 'b.png', 'c.png']);
  await move('b.png', 5);
  await settled();
  // A reload in the task of the last corrections, while a large file keeps storage busy before them.
  await Promise.all([
    visit.page.waitForNavigation(),
    visit.page.evaluate(async (bytes) => {
      await window.libraryPage.startAdding('large.png', bytes);
      window.libraryPage.movePoint('b.png', 6);
      window.libraryPage.movePoint('c.png', 3);
      window.libraryPage.movePoint('c.png', 4);
      location.reload();
    }, 60 * MB),
  ]);
  await waitForLibrary(visit.page);
  await open();
  // The file itself may have had no time to arrive.
  const { photos, notices } = await summary();
  expect([photos.filter(({ name }) => name !== 'large.png'), notices]).toEqual([
    [
      { name: 'a.png', isKept: true, corrected: false, x: 10 },
      { name: 'b.png', isKept: true, corrected: true, x: 21 },
      { name: 'c.png', isKept: true, corrected: true, x: 17 },
    ],
    [],
  ]);
  const [file, thumbnail] = await visit.page.evaluate(() => window.libraryPage.bytesOf('b.png'));
  expect(Math.min(file, thumbnail)).toBeGreaterThan(100);
});

test('a full storage is said, nothing kept is lost, and there is room again once a picture is removed', async () => {
  visit = await site.visit();
  await visit.cdp.send('Storage.overrideQuotaForOrigin', { origin: visit.origin, quotaSize: 6 * MB });
  await open();
  await add(['kept.png'], 2 * MB);
  await move('kept.png', 5);
  await add(['large.png', 'too.png'], 2.5 * MB);
  const { photos, notices } = await summary();
  expect(photos.map(({ name, isKept }) => [name, isKept])).toEqual([
    ['kept.png', true],
    ['large.png', true],
    ['too.png', false],
  ]);
  expect(notices).toEqual([expect.stringMatching(/storage is full: 1 picture is not saved.*too\.png/)]);

  // It still serves: its file is there, and it can be corrected.
  await move('too.png', 9);
  expect((await visit.page.evaluate(() => window.libraryPage.bytesOf('too.png')))[0]).toBe(2.5 * MB);
  await visit.page.evaluate(() => {
    const { library } = window.libraryPage;
    library!.remove([library!.store.photos.find(({ name }) => name === 'large.png')!.id]);
  });
  await settled();
  expect((await summary()).notices).toEqual([]);

  await visit.reload();
  await open();
  expect((await summary()).photos).toEqual([
    { name: 'kept.png', isKept: true, corrected: true, x: 15 },
    { name: 'too.png', isKept: true, corrected: true, x: 19 },
  ]);
});

test('a picture that found no room is gone after a reload, and only that one', async () => {
  visit = await site.visit();
  await visit.cdp.send('Storage.overrideQuotaForOrigin', { origin: visit.origin, quotaSize: 6 * MB });
  await open();
  await add(['kept.png', 'too.png'], 4 * MB);
  await move('kept.png', 5);
  await settled();
  await visit.reload();
  await open();
  expect(await summary()).toEqual({
    photos: [{ name: 'kept.png', isKept: true, corrected: true, x: 15 }],
    notices: [],
  });
});

test('corrections that find no room are said, and stored by the next visit that has room', async () => {
  visit = await site.visit();
  await open();
  await add(['a.png']);
  await move('a.png', 5);
  await settled();
  await visit.page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('the quota is used up', 'QuotaExceededError');
    };
  });
  await move('a.png', 30);
  await settled();
  const { photos, notices } = await summary();
  expect(photos[0].x).toBe(45);
  expect(notices).toEqual([expect.stringMatching(/storage is full.*points of a\.png/)]);
  await visit.reload();
  await open();
  expect((await summary()).photos[0]).toEqual({ name: 'a.png', isKept: true, corrected: true, x: 45 });
  await settled();
  // By now storage has it: nothing is left to carry over.
  await visit.reload();
  await open();
  expect((await summary()).photos[0].x).toBe(45);
});

test('a database of an older version is brought up to date, with every picture and point in it', async () => {
  visit = await site.visit();
  await visit.page.evaluate(async () => (await window.libraryPage.leaveVersion1(5000)).letGo());
  await open();
  expect(await summary()).toEqual({
    photos: [{ name: 'old.png', isKept: true, corrected: true, x: 70 }],
    notices: [],
  });
  expect((await visit.page.evaluate(() => window.libraryPage.bytesOf('old.png')))[0]).toBe(5000);
  // What the new version knows more: the size of the file, by which it sees that the picture is here already.
  await add(['old.png'], 5000);
  const { photos, notices } = await summary();
  expect([photos.length, notices]).toEqual([1, ['old.png was here already.']]);
});

test('an older version in another tab is told of, and its pictures are there once that tab is closed', async () => {
  visit = await site.visit();
  const old = await visit.openTab();
  await old.evaluate(() => window.libraryPage.leaveVersion1(0).then(() => undefined));
  await visit.page.evaluate(() => void window.libraryPage.start());
  await expect
    .poll(async () => (await summary()).notices)
    .toEqual([expect.stringContaining('Close it to load your saved pictures')]);
  await old.close();
  await visit.page.waitForFunction(() => window.libraryPage.library!.isReady);
  expect(await summary()).toMatchObject({ photos: [{ name: 'old.png' }], notices: [] });
});

test('where storage is forbidden, pictures serve until the page is closed, and that is said', async () => {
  visit = await site.visit();
  await visit.page.evaluate(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('storage is forbidden', 'SecurityError');
    };
  });
  await open();
  await add(['a.png']);
  const { photos, notices } = await summary();
  expect(photos).toEqual([{ name: 'a.png', isKept: false, corrected: false, x: 10 }]);
  expect(notices).toEqual([expect.stringContaining('does not let Mien save anything')]);
});

test('500 pictures leave thumbnails and points in memory, and no pixels', async () => {
  const [width, height] = [1600, 1200];
  /** Two pictures at work, each with its thumbnail's and nothing else. */
  const mostPx = 2.2 * width * height;
  /** Of the page's own objects, for 500 pictures with their faces, records and thumbnails' handles. */
  const mostHeapBytes = 12 * MB;
  visit = await site.visit();
  await open();
  const heapBytes = async () => {
    await visit.page.evaluate(() => (globalThis as unknown as { gc(): void }).gc());
    const { usedSize } = await visit.cdp.send('Runtime.getHeapUsage');
    return usedSize;
  };
  await visit.page.evaluate(() => window.libraryPage.countBitmaps());
  const before = await heapBytes();
  const startMs = Date.now();
  const names = Array.from({ length: 500 }, (_, i) => `${i}.png`);
  await visit.page.evaluate(([all, w, h]) => window.libraryPage.add(all, w, h), [
    names,
    width,
    height,
  ] as const);
  const { photos, notices } = await summary();
  expect([photos.length, photos.every(({ isKept, x }) => isKept && x === 10), notices]).toEqual([
    500,
    true,
    [],
  ]);
  const { open: openPx, most } = await visit.page.evaluate(() => window.libraryPage.bitmapPx);
  const grownBytes = (await heapBytes()) - before;
  console.info(
    `500 pictures of ${width} × ${height} px: ${((Date.now() - startMs) / 1000).toFixed(0)} s, at most ` +
      `${(most / 1e6).toFixed(1)} Mpx decoded at a time, heap grown by ${(grownBytes / MB).toFixed(1)} MB`,
  );
  expect(openPx).toBe(0);
  expect(most).toBeLessThanOrEqual(mostPx);
  expect(grownBytes).toBeLessThan(mostHeapBytes);
});
