/** Points of a person's own marked with the keyboard alone, drawn live and on a photo, and learned again from one picture more. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';
import { waitForPictures } from './photos';
import {
  expectMarkedAt,
  goTo,
  learn,
  markByKeys,
  nameThePoints,
  onPage,
  openTeach,
  pointNames,
  press,
  surfaceOf,
  teachPictures,
  waitForMarking,
  type TeachPicture,
} from './teach-page';

const open = useApp();
const walkMs = 300_000;
/** From a point's place to the nearest pixel of its dot, px of the overlay. */
const DOT_REACH_PX = 4;
const [LEFT, RIGHT] = pointNames;

/** A line between the pupils. */
async function joinPupils(page: Page): Promise<void> {
  await page.getByText('Symmetric pairs and lines').click();
  await page.getByLabel('Lines that join points: first point').selectOption({ label: LEFT });
  await page.getByLabel('Lines that join points: second point').selectOption({ label: RIGHT });
  await press(page, 'Join');
  await page.getByRole('button', { name: `Take away ${LEFT} – ${RIGHT}` }).waitFor();
}

/** From picture to picture with Page Down; Escape leads back. */
async function markWithKeysAlone(page: Page, all: readonly TeachPicture[], from = 0): Promise<void> {
  for (const [i, { file, places }] of all.entries()) {
    if (i < from) continue;
    await waitForMarking(page, file.name);
    await markByKeys(page, places);
    await expectMarkedAt(page, file.name, places);
    if (i < all.length - 1) await page.keyboard.press('PageDown');
  }
  // Deselects, then closes.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1, name: 'Gaze' }).waitFor();
}

/** Whether something is drawn on the frozen live frame at each point, and in the middle between the pupils. */
const overlayAt = (page: Page) =>
  page.evaluate((reach) => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.overlay')!;
    const { session } = window.mien;
    const { faces, width, height } = session.results.latest!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const scale = Math.min(canvas.width / width, canvas.height / height);
    const [left, top] = [(canvas.width - scale * width) / 2, (canvas.height - scale * height) / 2];
    const isInk = ([imageX, imageY]: readonly number[]) => {
      const x = left + scale * imageX;
      const [atX, atY] = [session.mirrored ? canvas.width - x : x, top + scale * imageY].map(Math.round);
      for (let dx = -reach; dx <= reach; dx++)
        for (let dy = -reach; dy <= reach; dy++)
          if (data[4 * ((atY + dy) * canvas.width + atX + dx) + 3] > 128) return true;
      return false;
    };
    const { points } = faces[0];
    const places = Array.from({ length: points.length / 2 }, (_, i) => [points[2 * i], points[2 * i + 1]]);
    const middle = [0, 1].map((axis) => (places[0][axis] + places[1][axis]) / 2);
    return { points: places.map(isInk), middle: isInk(middle) };
  }, DOT_REACH_PX);

/** Pixels of the open photo about a place of it, as one text. */
async function pixelsAt(page: Page, place: readonly [number, number]): Promise<string> {
  const { x, y } = await onPage(page, place);
  return page.locator('[data-part=photo-stage] canvas').evaluate(
    (canvas: HTMLCanvasElement, [x, y, reach]) => {
      const { left, top, width } = canvas.getBoundingClientRect();
      const ratio = canvas.width / width;
      const [atX, atY] = [(x - left) * ratio - reach, (y - top) * ratio - reach].map(Math.round);
      return canvas
        .getContext('2d')!
        .getImageData(atX, atY, 2 * reach + 1, 2 * reach + 1)
        .data.join();
    },
    [x, y, DOT_REACH_PX] as const,
  );
}

test(
  'what is marked with keys alone is drawn live and on a photo, and learned again from one picture more',
  { timeout: walkMs },
  async () => {
    const { page, errors, waitForState } = await openTeach(open);
    await nameThePoints(page, 'Gaze');
    await joinPupils(page);
    const all = await teachPictures(page, 6);
    const add = (some: readonly TeachPicture[]) =>
      page.locator('[data-part=pick-pictures]').setInputFiles(some.map(({ file }) => file));
    await add(all.slice(0, 5));
    await waitForPictures(page, 5);
    await page.getByRole('button', { name: 'Mark pictures' }).focus();
    await page.keyboard.press('Enter');
    await markWithKeysAlone(page, all.slice(0, 5));
    await page.getByText('5 pictures to learn from.').waitFor();
    await learn(page);

    // Live: a dot at each point, and a line between the pupils where contours are drawn.
    const useLive = () => page.getByRole('link', { name: 'Use it live' }).click();
    const stage = page.locator('[data-part=stage][data-faces="1"]');
    const taughtModel = async () => {
      await expect.poll(() => stage.getAttribute('data-model')).toMatch(/^gaze-[\w-]+-[0-9a-f]{6}$/);
      return (await stage.getAttribute('data-model'))!;
    };
    await useLive();
    const first = await taughtModel();
    await page.keyboard.press('Space');
    await waitForState('frozen');
    await expect.poll(() => overlayAt(page)).toEqual({ points: [true, true, true], middle: true });
    await page.keyboard.press('1');
    await expect.poll(() => overlayAt(page)).toEqual({ points: [true, true, true], middle: false });
    await page.keyboard.press('2');
    await page.keyboard.press('Space');

    // On a photo the same, and beside it the names.
    await goTo(page, '#/photos/teach');
    await page.locator('[data-scheme]').click();
    await page.getByRole('link', { name: 'Use it on photos' }).click();
    await page.locator('button[data-photo]').first().click();
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('tab', { name: 'Points' }).click();
    const rows = await page.locator('tbody tr').allInnerTexts();
    expect(rows.map((text) => pointNames.find((name) => text.includes(name)))).toEqual(pointNames);
    await surfaceOf(page).focus();
    await page.keyboard.press('Escape');
    const [left, right] = all[0].places;
    const middle = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2] as const;
    const beside = [left[0] - 60, left[1] - 60] as const;
    const look = () => Promise.all([middle, beside].map((place) => pixelsAt(page, place)));
    await page.keyboard.press('2');
    const [line, nothing] = await look();
    await page.keyboard.press('1');
    await expect.poll(async () => (await look())[0]).not.toBe(line);
    expect((await look())[1]).toBe(nothing);
    await page.keyboard.press('2');

    // One picture more, and it is learned again in the place of the first.
    await goTo(page, '#/photos/teach');
    await page.locator('[data-scheme]').click();
    const stale = page.getByText('There are other marks since.');
    await expect.poll(() => stale.count()).toBe(0);
    await add(all.slice(5));
    await page.getByText('5 of 6 pictures marked').waitFor();
    await page.getByRole('button', { name: 'Go on marking' }).focus();
    await page.keyboard.press('Enter');
    await markWithKeysAlone(page, all, 5);
    await page.getByText('6 pictures to learn from.').waitFor();
    await stale.waitFor();
    await learn(page, 'Learn again');
    await expect.poll(() => stale.count()).toBe(0);
    await useLive();
    await expect.poll(() => taughtModel()).not.toBe(first);
    await goTo(page, '#/models');
    await expect.poll(() => page.locator('article[data-model^=gaze-]').count()).toBe(1);
    expect(errors).toEqual([]);
  },
);
