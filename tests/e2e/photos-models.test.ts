/** What models find in a picture: measures of a face, heatmaps, two models compared, and errors against ground truth. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';
import { watchFor } from './passing';
import { addPictures, openFirst, openPhotos, openPicture, sample } from './photos';

const open = useApp();

const canvasOf = (page: Page) =>
  page
    .locator('[data-part=photo-stage] canvas')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
const measures = (page: Page) => page.locator('[data-part=measures]');

/** What the card tells of a signal, as a number. */
async function signalOf(page: Page, id: string): Promise<number> {
  const text = await measures(page).locator(`[data-signal=${id}] .value`).innerText();
  return Number(text.replace('−', '-').replace(/[°%]/, ''));
}

test('the measures of a face are those of its points, and tell what it does', async () => {
  const viewer = await openPicture(open);
  const { page } = viewer;
  const [left, right] = [await viewer.pointOf(37), await viewer.pointOf(46)];
  await page.getByRole('tab', { name: 'Faces' }).click();
  const words = await measures(page).innerText();
  const px = Number(/Eye distance\s+([\d.]+) px/.exec(words)?.[1]);
  // The table shows tenths of a px.
  expect(Math.abs(px - Math.hypot(right.x - left.x, right.y - left.y))).toBeLessThan(0.2);
  // The sample's face looks at the camera, its eyes are open, and it laughs.
  for (const angle of ['yaw', 'pitch', 'roll'])
    expect(Math.abs(await signalOf(page, angle)), angle).toBeLessThan(20);
  for (const eye of ['leftEye', 'rightEye']) expect(await signalOf(page, eye), eye).toBeGreaterThan(50);
  expect(await signalOf(page, 'mouthOpening')).toBeGreaterThan(5);
  expect(await signalOf(page, 'mouthSmileLeft')).toBeGreaterThan(50);
  expect(await measures(page).locator('[data-part=not-told]').count()).toBe(0);
  expect(viewer.errors).toEqual([]);
});

test('what a face does is told of its points as they are corrected', async () => {
  const viewer = await openPicture(open);
  const { page } = viewer;
  const faces = page.getByRole('tab', { name: 'Faces' });
  await faces.click();
  const before = await signalOf(page, 'mouthOpening');
  await page.getByRole('tab', { name: 'Points' }).click();
  // The middle of the lower lip's inner edge.
  await page.locator('tbody tr').nth(66).getByRole('button').click();
  await viewer.surface.focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowDown');
  expect(await viewer.movedCount()).toBe(1);
  await faces.click();
  const opened = await signalOf(page, 'mouthOpening');
  expect(opened).toBeGreaterThan(before + 2);
  await page.getByRole('button', { name: 'Reset 1 point' }).click();
  await expect.poll(() => signalOf(page, 'mouthOpening')).toBe(before);
  expect(viewer.errors).toEqual([]);
});

test('where the eyes of a face look is told once it is switched on, of its points as they stand, and offline from then on', async () => {
  let blocked = true;
  const viewer = await openPicture(open, sample, {
    prepare: (one) => one.route('**/models/eye/**', (route) => (blocked ? route.abort() : route.continue())),
  });
  const { page } = viewer;
  const faces = page.getByRole('tab', { name: 'Faces' });
  await faces.click();
  const gaze = page.locator('[data-part=gaze]');
  const told = (state: string) => gaze.and(page.locator(`[data-state=${state}]`)).waitFor();
  expect(await gaze.innerText()).toMatch(/small network of \d+ kB, fetched once/);
  await page.getByRole('switch', { name: 'Tell where the eyes look' }).check();
  await told('failed');
  expect(await gaze.getByRole('alert').innerText()).toMatch(
    /^The network for gaze could not be fetched.*eye/,
  );
  blocked = false;
  await gaze.getByRole('button', { name: 'Try again' }).click();
  await told('told');
  // She looks into the camera, or close by.
  const yaw = await signalOf(page, 'gazeYaw');
  expect(Math.abs(yaw)).toBeLessThan(20);
  expect(Math.abs(await signalOf(page, 'gazePitch'))).toBeLessThan(20);

  // Corrected: the corners of the eyes lie elsewhere in the head, the irises where they were.
  await page.context().setOffline(true);
  blocked = true;
  await page.getByRole('button', { name: 'all', exact: true }).click();
  await viewer.surface.focus();
  const isReading = await watchFor(page, '[data-part=gaze][data-state=reading]');
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await isReading();
  await told('told');
  expect(Math.abs((await signalOf(page, 'gazeYaw')) - yaw)).toBeLessThan(20);
  // It stays on for the next face, and the next visit.
  await page.context().setOffline(false);
  await page.reload();
  await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
  await page.keyboard.press('f');
  await faces.click();
  await told('told');
  expect(viewer.errors.filter((error) => !error.includes('ERR_FAILED'))).toEqual([]);
});

test('a second model is shown over the first and beside it, with how far each point is apart', async () => {
  const viewer = await openPicture(open);
  const { page } = viewer;
  const alone = await canvasOf(page);
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByLabel('Mien lite with').selectOption('unet');
  const row = page.locator('table tbody tr').first();
  await row.waitFor();
  const [mean] = await row.locator('td').allInnerTexts();
  expect(Number(mean)).toBeGreaterThan(0);
  // Two models that have both learnt faces: far less than the eye distance of nearly 60 px.
  expect(Number(mean)).toBeLessThan(10);
  await expect.poll(() => canvasOf(page)).not.toBe(alone);
  await page.getByText('Side by side').click();
  await page.getByRole('application', { name: 'The same, by Mien heatmap' }).waitFor();
  await page.getByRole('tab', { name: 'Points' }).click();
  await page.getByRole('columnheader', { name: 'Difference' }).waitFor();
  const apart = (await page.locator('tbody tr td:last-child').allInnerTexts()).map(Number);
  expect(apart).toHaveLength(68);
  const meanApart = apart.reduce((sum, px) => sum + px, 0) / apart.length;
  expect(Math.abs(meanApart - Number(mean))).toBeLessThan(0.1);
  expect(viewer.errors).toEqual([]);
});

test('a heatmap model shows where it expects a point, and all of them', async () => {
  const { page, errors } = await openPhotos(open);
  await addPictures(page, [sample]);
  await page.getByLabel('Model').selectOption('unet');
  await page.getByText('1 picture, 1 face').waitFor();
  await openFirst(page);
  await page.keyboard.press('f');
  await page.keyboard.press('z');
  await page.getByRole('tab', { name: 'Display' }).click();
  const seen = new Set([await canvasOf(page)]);
  const changes = () =>
    expect
      .poll(async () => {
        const now = await canvasOf(page);
        return seen.has(now) ? false : Boolean(seen.add(now));
      })
      .toBe(true);
  await page.getByText('All points', { exact: true }).click();
  await changes();
  await page.getByText('One point', { exact: true }).click();
  await page.getByText('Choose a face and one of its points.').waitFor();
  await page.getByRole('application').focus();
  await page.keyboard.press('Enter');
  await changes();
  await page.keyboard.press('Tab');
  await changes();
  expect(errors).toEqual([]);
});

test('pictures with ground truth are measured: errors, failures and the curve of each model', async () => {
  const viewer = await openPicture(open);
  const { page } = viewer;
  const points = [];
  for (let number = 1; number <= 68; number++) points.push(await viewer.pointOf(number));
  const eyePx = Math.hypot(points[45].x - points[36].x, points[45].y - points[36].y);
  // The truth lies 3 px to the right of what the network says; .pts count from 1 at pixel centres.
  const offPx = 3;
  const lines = points.map(({ x, y }) => `${(x + offPx + 0.5).toFixed(3)} ${(y + 0.5).toFixed(3)}`);
  const pts = `version: 1\nn_points: 68\n{\n${lines.join('\n')}\n}\n`;
  await page.goBack();
  await page
    .locator('[data-part=pick-pictures]')
    .setInputFiles([{ name: 'astronaut.pts', mimeType: 'text/plain', buffer: Buffer.from(pts) }]);
  await page.getByText('astronaut.png: ground truth added.').waitFor();

  await page.getByRole('button', { name: 'Measure' }).click();
  const row = page.locator('tr[data-model=lite]');
  await row.waitFor();
  const [faces, missed, nme, failures, auc] = (await row.locator('td').allInnerTexts()).map(Number);
  expect([faces, missed, failures]).toEqual([1, 0, 0]);
  expect(Math.abs(nme - (100 * offPx) / eyePx)).toBeLessThan(0.1);
  expect(Math.abs(auc - (100 * (8 - nme)) / 8)).toBeLessThan(2);
  await page.getByRole('img', { name: /^Cumulative error curves\. Mien lite: 0\.0 %/ }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();

  await openFirst(page);
  await page.getByRole('tab', { name: 'Display' }).click();
  const withTruth = await canvasOf(page);
  await page.getByText('Show ground truth (.pts)').click();
  await expect.poll(() => canvasOf(page)).not.toBe(withTruth);
  expect(viewer.errors).toEqual([]);
});
