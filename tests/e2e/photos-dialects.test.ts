/** Files of other programs and other cameras, where it takes a browser. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { tiff } from '../fixtures/headers';
import { tiffOf } from '../fixtures/tiff';
import { useApp } from './app';
import { root } from './browser';
import { expectAccessible, expectToFitScreens } from './fit-and-access';
import { openPhotos, sample, waitForPictures } from './photos';
import { openPhotosSite, type PhotosSite } from './photos-page/site';

const heicFolder = join(root, 'tests/fixtures/heic');

describe('pictures', () => {
  let site: PhotosSite;
  beforeAll(async () => {
    site = await openPhotosSite();
  });
  afterAll(() => site?.close());

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'turned by EXIF (%i) are exported upright for programs that ignore it, and that is said',
    async (orientation) => {
      const found = await site.page.evaluate(async (turn) => {
        const { drawQuarters, withOrientation, quartersOf, formats } = window.photosLibrary;
        const file = await withOrientation(await drawQuarters(640, 480, 'image/jpeg'), turn);
        const seen = await createImageBitmap(file, { imageOrientation: 'from-image' });
        const picture = {
          ...{ name: 'a.jpg', folder: '', width: seen.width, height: seen.height, faces: [] },
          open: async () => file,
        };
        const written = async (upright: boolean) => {
          const notes: string[] = [];
          const options = { style: {} as never, upright, onNote: (note: string) => notes.push(note) };
          const files = formats.picture.write([picture], options) as AsyncIterable<{ data: Blob }>;
          for await (const { data } of files) {
            // As a program that ignores EXIF.
            const raw = await createImageBitmap(data, { imageOrientation: 'none' });
            const isSame = data === file;
            const shown = { quarters: quartersOf(raw), size: [raw.width, raw.height], isSame };
            for await (const _ of files);
            return { ...shown, notes };
          }
          throw new Error('nothing was written');
        };
        const size = [seen.width, seen.height];
        return {
          seen: { quarters: quartersOf(seen), size },
          upright: await written(true),
          plain: await written(false),
        };
      }, orientation);
      expect(found.upright).toMatchObject(found.seen);
      expect(found.plain.isSame).toBe(true);
      const isTurned = orientation > 1;
      expect(found.upright.notes).toEqual(
        isTurned ? ['Turned upright, as their points are, and saved without EXIF: a.jpg.'] : [],
      );
      expect(found.plain.notes).toHaveLength(isTurned ? 1 : 0);
      expect(found.upright.isSame).toBe(!isTurned);
    },
  );

  const openBytes = (bytes: Uint8Array, name: string) =>
    site.page.evaluate(
      ([data, fileName]) => window.photosLibrary.open(window.photosLibrary.bytesOf(data), fileName),
      [Buffer.from(bytes).toString('base64'), name],
    );

  it('in TIFF are decoded in a worker, upright; of several pages the first', async () => {
    const found = await openBytes(tiff({ width: 30, height: 20, orientation: 6, frames: 2 }), 'scan.tif');
    expect(found).toMatchObject({
      type: 'image/tiff',
      size: [20, 30],
      notes: ['scan.tif has several pages; only its first one is used.'],
    });
    expect(await openBytes(tiff({ width: 3000, height: 2000 }), 'cut.tif')).toMatchObject({
      problem: 'damaged',
    });
  });

  it('in BigTIFF are decoded too, and behind a small copy the picture itself', async () => {
    const quarters = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
    const picture = { width: 2, height: 2, pixels: quarters, tags: { 274: [6] } };
    const copy = { width: 1, height: 1, pixels: [9, 9, 9], tags: { 254: [1] } };
    for (const isBig of [false, true]) {
      const found = await openBytes(tiffOf([copy, picture], { isBig }), 'scan.tif');
      expect(found).toMatchObject({ type: 'image/tiff', size: [2, 2], notes: [] });
      expect(found.copies?.[0]).toEqual({ size: [2, 2], quarters: 'brwg' });
    }
  });

  it.each([
    [1, [64, 48], 'rgbw'],
    [5, [48, 64], 'rbgw'],
    [6, [48, 64], 'brwg'],
  ])('in HEIC are decoded in a worker, turned once (%i)', async (turn, size, quarters) => {
    const found = await openBytes(await readFile(join(heicFolder, `turn-${turn}.heic`)), 'phone.heic');
    expect(found).toMatchObject({ type: 'image/heic', size, notes: [] });
    expect(found.copies?.map((copy) => copy.quarters)).toEqual([quarters, quarters, quarters]);
  });

  it('of 20 000 px are scaled, with their full size kept for points', async () => {
    const found = await site.page.evaluate(async () => {
      const { drawQuarters, open } = window.photosLibrary;
      return open(await drawQuarters(20_000, 64, 'image/jpeg'), 'panorama.jpg');
    });
    expect(found).toMatchObject({ size: [20_000, 64] });
    expect(found.copies?.[0]).toEqual({ size: [16_384, 52], quarters: 'rgbw' });
    expect(found.notes?.[0]).toMatch(
      /^panorama\.jpg has 20000 × 64 px; the network sees it scaled to 16384 px/,
    );
  });

  it('are named in dlib’s XML by parts with names, in Latin-1, beside boxes without', async () => {
    const text =
      "<?xml version='1.0' encoding='ISO-8859-1'?><dataset><images><image file='s\\Zo\u00e9.jpg'>" +
      "<box top='1' left='1' width='9' height='9'><part name='nose' x='5' y='6'/><part name='eye' x='3' y='4'/></box>" +
      "<box top='1' left='1' width='9' height='9'/></image></images></dataset>";
    const found = await site.page.evaluate((xml) => {
      const skipped: string[] = [];
      const read = window.photosLibrary.formats.dlib.read!(xml, 'x.xml', (message) => skipped.push(message));
      const [{ path, faces }] = read;
      return { path, points: faces.map(({ points }) => [...points]), names: faces[0].names, skipped };
    }, text);
    expect(found).toEqual({
      path: 's\\Zo\u00e9.jpg',
      points: [[3.5, 4.5, 5.5, 6.5]],
      names: ['eye', 'nose'],
      skipped: ['x.xml: left out 1 box without parts.'],
    });
  });
});

describe('files on the page', () => {
  const open = useApp();
  let folder: string;
  const file = async (name: string, content: string | Buffer) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-dialects-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const points = (first: string) =>
    `# à la main\nn_points: 68 {\n${first}\n${Array.from({ length: 67 }, (_, i) => `${200 + i}, ${100 + i}`).join('\n')}\n}`;

  test('are paired by name, asked about where two pictures fit, and told once where many fail alike', async () => {
    const picture = await readFile(sample);
    const files = await Promise.all([
      file('Anna.PNG', picture),
      file('anna.pts', Buffer.from(points('nan nan'), 'latin1')),
      file('face.png', picture),
      file('face.webp.png', picture),
      file('face.webp', picture),
      file('face.pts', points('199, 99')),
      ...[1, 2, 3, 4, 5].map((number) => file(`${number}.doc`, 'a letter')),
    ]);
    const { page, errors } = await openPhotos(open);
    await page.locator('[data-part=pick-pictures]').setInputFiles(files);
    await waitForPictures(page, 4);
    const question = page.locator('[data-part=question]');
    expect(await question.getByRole('status').innerText()).toBe(
      'face.pts fits 2 pictures. Which one is meant?',
    );
    await expectToFitScreens(page, 'a question');
    await expectAccessible(page, 'a question');
    await question.getByRole('button', { name: 'face.png', exact: true }).click();
    await question.waitFor({ state: 'detached' });
    const notices = await page.locator('[data-part=notices] li').allInnerTexts();
    expect(notices.join('\n')).toMatch(
      /^1\.doc is not a picture .* The same goes for 4 more: 2\.doc, 3\.doc, 4\.doc and 1 more\.$/,
    );
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('checkbox', { name: /^Everything/ }).check();
    await page.getByLabel('Turn pictures upright').waitFor();
    await expectToFitScreens(page, 'all of the export');
    await expectAccessible(page, 'all of the export');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.locator('button[data-photo]').first().click();
    await page.locator('[data-part=viewer]').waitFor();
    await page.getByRole('tab', { name: 'Display' }).click();
    await page.getByText('Show ground truth (.pts)').waitFor();
    expect(errors).toEqual([]);
  });

  test('points in dlib’s XML are read under the headers of the app', async () => {
    const { page, errors } = await openPhotos(open);
    const name = sample.split('/').at(-1)!;
    const parts = Array.from(
      { length: 68 },
      (_, i) => `<part name='${String(i).padStart(2, '0')}' x='${200 + i}' y='${100 + i}'/>`,
    ).join('');
    const xml = `<?xml version='1.0'?><dataset><images><image file='${name}'><box top='90' left='190' width='90' height='90'>${parts}</box></image></images></dataset>`;
    await page.locator('[data-part=pick-pictures]').setInputFiles([sample, await file('faces.xml', xml)]);
    await waitForPictures(page, 1);
    await page.locator('button[data-photo]').first().click();
    await page.locator('[data-part=viewer]').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('tab', { name: 'Points' }).click();
    await expect.poll(() => page.locator('tbody tr').nth(4).locator('td').first().innerText()).toBe('204.5');
    const notices = await page.locator('[data-part=notices] li').allInnerTexts();
    expect(notices).toEqual(['faces.xml: points of 1 picture taken over.']);
    expect(errors).toEqual([]);
  });

  test('a missing point is shown as such, and placed by a click', async () => {
    const { page } = await openPhotos(open);
    await page.locator('[data-part=pick-pictures]').setInputFiles([sample]);
    await waitForPictures(page, 1);
    const name = sample.split('/').at(-1)!;
    const keypoints = Array.from({ length: 68 }, (_, i) =>
      i === 4 ? [0, 0, 0] : [200 + i, 100 + i, 2],
    ).flat();
    const content = {
      images: [{ id: 1, file_name: `.\\x\\${name}` }],
      categories: [],
      annotations: [
        { image_id: 1, keypoints },
        { image_id: 1, bbox: [1, 2, 3, 4] },
      ],
    };
    const coco = await file('coco.json', JSON.stringify(content));
    await page.locator('[data-part=pick-pictures]').setInputFiles([coco]);
    await page.getByText('left out 1 annotation without keypoints').waitFor();
    await page.locator('button[data-photo]').first().click();
    await page.locator('[data-part=viewer]').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('tab', { name: 'Points' }).click();
    const row = page.locator('tbody tr').nth(4);
    expect(await row.locator('td').first().innerText()).toBe('missing');
    await row.getByRole('button').click();
    await page.getByRole('application').first().click();
    await expect.poll(() => row.locator('td').first().innerText()).toMatch(/^\d+\.\d$/);
  });
});
