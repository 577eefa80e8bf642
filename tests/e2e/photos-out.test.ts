/** What is taken away, and what stays: exports of every format, landmarks read back in, corrections after a reload. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';
import {
  addPictures,
  onScreen,
  openFirst,
  openPhotos,
  openPicture,
  pictures,
  sample,
  type OpenedPicture,
} from './photos';

const open = useApp();

/** Px: what a point may move from the page to a file and back. */
const roundTripPx = 0.001;
const sampleSize = { width: 512, height: 512 };

/** Saves in the formats whose labels begin so. */
async function exportAs(page: Page, labels: readonly string[]): Promise<Download> {
  const dialog = page.getByRole('dialog', { name: 'Export' });
  if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'Export', exact: true }).click();
  for (const box of await dialog.getByRole('checkbox').all()) await box.setChecked(false);
  for (const label of labels) await dialog.getByRole('checkbox', { name: new RegExp(`^${label}`) }).check();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save' }).click(),
  ]);
  await dialog.getByText(`Saved ${download.suggestedFilename()}`).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return download;
}

const contentOf = async (download: Download) => readFile(await download.path());

async function facesOf(
  download: Download,
): Promise<{ points: number[][]; corrected: boolean; model: string }[]> {
  return JSON.parse((await contentOf(download)).toString()).pictures[0].faces;
}

/** Names of the files in a ZIP, from its central directory. */
function namesIn(zip: Buffer): string[] {
  const end = zip.lastIndexOf('PK\x05\x06');
  const names: string[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
    at += 46 + length + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}

async function moveChin(viewer: OpenedPicture): Promise<void> {
  const from = await onScreen(viewer, await viewer.pointOf(9), sampleSize);
  await viewer.page.mouse.move(from.x, from.y);
  await viewer.page.mouse.down();
  await viewer.page.mouse.move(from.x + 30, from.y + 20, { steps: 4 });
  await viewer.page.mouse.up();
}

test('everything is saved as one ZIP, and one format of one picture as a file', async () => {
  const { page, errors } = await openPhotos(open);
  await addPictures(page, pictures.slice(0, 2));
  const zip = await exportAs(page, ['Everything']);
  expect(zip.suggestedFilename()).toBe('mien-landmarks.zip');
  const stems = pictures.slice(0, 2).map((path) =>
    path
      .split('/')
      .at(-1)!
      .replace(/\.\w+$/, ''),
  );
  const names = namesIn(await contentOf(zip));
  expect(names).toEqual(
    expect.arrayContaining([
      ...stems.flatMap((stem) => [`${stem}.pts`, `overlay/${stem}.png`]),
      ...pictures.slice(0, 2).map((path) => path.split('/').at(-1)),
      'landmarks.json',
    ]),
  );
  // Two tables of all pictures, and that of OpenFace for each.
  expect(names.filter((name) => name.endsWith('.csv'))).toHaveLength(2 + stems.length);
  expect(names.filter((name) => name.endsWith('.xml'))).toHaveLength(1);
  expect(new Set(names).size).toBe(names.length);

  await page.getByRole('button', { name: 'Select', exact: true }).click();
  await page.locator('button[data-photo]').first().click();
  const pts = await exportAs(page, ['\\.pts']);
  const lines = (await contentOf(pts)).toString().trim().split('\n');
  expect([lines[0], lines[1], lines.length]).toEqual(['version: 1', 'n_points: 68', 72]);
  expect(errors).toEqual([]);
});

test('what was corrected and exported is the same when it is read back in', async () => {
  const viewer = await openPicture(open);
  const { page } = viewer;
  await moveChin(viewer);
  expect(await viewer.movedCount()).toBe(1);
  await page.keyboard.press('e');
  const download = await exportAs(page, ['JSON']);
  const exported = await facesOf(download);
  expect(exported[0].corrected).toBe(true);

  await page.keyboard.press('Control+z');
  expect(await viewer.movedCount()).toBe(0);
  await page.getByRole('button', { name: 'All pictures' }).click();
  const json = { name: 'landmarks.json', mimeType: 'application/json', buffer: await contentOf(download) };
  await page.locator('[data-part=pick-pictures]').setInputFiles([json]);
  await page.getByText('landmarks.json: points of 1 picture taken over.').waitFor();
  const [again] = await facesOf(await exportAs(page, ['JSON']));
  expect([again.corrected, again.model]).toEqual([true, exported[0].model]);
  again.points.forEach(([x, y], i) => {
    expect(Math.abs(x - exported[0].points[i][0])).toBeLessThanOrEqual(roundTripPx);
    expect(Math.abs(y - exported[0].points[i][1])).toBeLessThanOrEqual(roundTripPx);
  });
});

test('corrections are there after a reload, and can be reset', async () => {
  const viewer = await openPicture(open, sample);
  const { page } = viewer;
  const before = await viewer.pointOf(9);
  await moveChin(viewer);
  const moved = await viewer.pointOf(9);
  expect(moved).not.toEqual(before);
  await page.reload();
  await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
  await page.keyboard.press('f');
  await page.getByRole('tab', { name: 'Points' }).click();
  expect(await viewer.pointOf(9)).toEqual(moved);
  expect(await viewer.movedCount()).toBe(1);
  await page.keyboard.press('r');
  expect(await viewer.pointOf(9)).toEqual(before);
  expect(viewer.errors).toEqual([]);
});

test('an export is saved while pictures are still being processed, of all that were there', async () => {
  const { page, errors } = await openPhotos(open);
  const buffer = await readFile(sample);
  const files = Array.from({ length: 24 }, (_, i) => ({ name: `${i}.png`, mimeType: 'image/png', buffer }));
  await page.locator('[data-part=pick-pictures]').setInputFiles(files);
  await page.locator('[data-work=done]').first().waitFor({ timeout: 90_000 });
  await openFirst(page);
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByText(/^All \d+$/).click();
  // Detections that end meanwhile leave the choice alone.
  await page.waitForTimeout(1500);
  expect(await dialog.getByRole('radio', { name: /^All/ }).isChecked()).toBe(true);
  const download = await exportAs(page, ['Pictures with']);
  expect(namesIn(await contentOf(download)).length).toBeGreaterThan(1);
  expect(errors).toEqual([]);
});
