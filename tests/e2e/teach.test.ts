/** A person teaches Mien points of their own: names them, marks them, learns, and has them live, after a reload and elsewhere. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useApp } from './app';
import { expectAccessible, expectToFitScreens } from './fit-and-access';
import { cardsOf } from './own-model-files';
import { pressOnce } from './passing';
import {
  begin,
  goTo,
  learn,
  markAll,
  onPage,
  openTeach,
  pointNames,
  press,
  surfaceOf,
  waitForMarking,
} from './teach-page';

const open = useApp();
const walkMs = 300_000;
/** How far a learned point may be off on a picture that it was learned from; the face is 100 px wide. */
const LEARNED_TOLERANCE_PX = 2;

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'mien-teach-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const isFollowedBy = (page: Page, model: string) =>
  page.locator(`[data-part=stage][data-state=running][data-model=${model}][data-faces="1"]`).waitFor();

test(
  'points are marked by mouse, by keyboard and by touch, learned, used, taken elsewhere and removed',
  { timeout: walkMs },
  async () => {
    const { page, errors, close, waitForResults } = await openTeach(open);
    const all = await begin(page, 5);
    await markAll(page, all);
    await page.getByText('5 of 5 pictures marked').waitFor();
    await learn(page);

    // On a photo, where they were marked.
    await page.getByRole('link', { name: 'Use it on photos' }).click();
    await page.locator('button[data-photo]').first().click();
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    await page.keyboard.press('f');
    await page.getByRole('tab', { name: 'Points' }).click();
    for (const [i, name] of pointNames.entries()) {
      const row = page.locator('tbody tr', { hasText: name });
      const [x, y] = (await row.locator('td').allInnerTexts()).map(Number);
      const [wantedX, wantedY] = all[0].places[i];
      expect(Math.hypot(x - wantedX, y - wantedY), `${name} at ${x}, ${y}`).toBeLessThan(
        LEARNED_TOLERANCE_PX,
      );
    }

    // Live, and after a reload.
    await goTo(page, '#/photos/teach');
    await page.locator('[data-scheme]').click();
    await page.getByRole('link', { name: 'Use it live' }).click();
    await expect
      .poll(() => page.locator('[data-part=stage]').getAttribute('data-model'))
      .toMatch(/^[\w-]+-[0-9a-f]{6}$/);
    const model = (await page.locator('[data-part=stage]').getAttribute('data-model'))!;
    await isFollowedBy(page, model);
    await waitForResults(3);
    await page.reload();
    await isFollowedBy(page, model);

    // Everything marked is there, and learning again takes the first one's place.
    await goTo(page, '#/photos/teach');
    await page.locator('[data-scheme]').click();
    await page.getByText('5 of 5 pictures marked').waitFor();
    await page.locator('[data-part=lesson][data-state=learned]').waitFor();
    const saving = page.waitForEvent('download');
    await press(page, 'Save the model');
    const zip = join(folder, (await saving).suggestedFilename());
    await (await saving).saveAs(zip);
    expect(zip).toMatch(/Gaze\.zip$/);
    const marks = page.waitForEvent('download');
    await press(page, 'Save pictures and marks');
    expect((await marks).suggestedFilename()).toBe('marks.zip');
    const marksZip = join(folder, 'marks.zip');
    await (await marks).saveAs(marksZip);
    await goTo(page, '#/models');
    await expect.poll(() => cardsOf(page, model.slice(0, -7)).count()).toBe(1);
    await press(page, 'Remove Gaze');
    await expect.poll(() => cardsOf(page, model.slice(0, -7)).count()).toBe(0);
    await goTo(page, '#/photos/teach');
    await page.locator('[data-scheme]').click();
    await page.getByText('Its model was removed. Learn again to have it back.').waitFor();
    expect(errors).toEqual([]);
    await close();

    // In a profile that knows nothing of it.
    const fresh = await open({ path: '?sample&backend=wasm#/models' });
    await fresh.page.locator('[data-part=pick-model]').setInputFiles(zip);
    await fresh.page.getByText('Gaze: added, and kept on this device.').waitFor();
    await cardsOf(fresh.page, model.slice(0, -7)).getByRole('link', { name: 'Use it live' }).click();
    await isFollowedBy(fresh.page, model);
    await fresh.waitForResults(3);
    await goTo(fresh.page, '#/photos/teach');
    await fresh.page.locator('[data-part=pick-marked]').setInputFiles(marksZip);
    await fresh.page.locator('[data-scheme]').click();
    await fresh.page.getByText('5 of 5 pictures marked').waitFor();
    expect(fresh.errors).toEqual([]);
  },
);

test(
  'what is marked is undone, outlasts a detection and a reload, and learning can be cancelled',
  { timeout: walkMs },
  async () => {
    const { page, errors } = await openTeach(open);
    const all = await begin(page, 5);
    await markAll(page, all);
    const cancelling = pressOnce(page, 'Cancel', '[data-part=lesson][data-state=learning]');
    await press(page, 'Learn');
    await cancelling;
    await page.locator('[data-part=lesson][data-state=none]').waitFor();

    await page.locator('button[data-photo]').first().click();
    await page.locator('[data-part=viewer]').waitFor();
    const marked = () => page.locator('aside ol li', { hasNotText: 'not marked' }).count();
    await expect.poll(marked).toBe(3);
    await press(page, 'Remove marks');
    await expect.poll(marked).toBe(0);
    await surfaceOf(page).focus();
    await page.keyboard.press('Control+z');
    await page.getByText('3 of 3', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('3 of 3', { exact: true }).waitFor();

    // A box drawn by hand holds points as well.
    await press(page, 'Draw a box');
    const [from, to] = [await onPage(page, [300, 300]), await onPage(page, [450, 450])];
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: /^Box 2/ }).waitFor();
    const middle = await onPage(page, [380, 380]);
    await page.mouse.click(middle.x, middle.y);
    await page.getByText('1 of 3', { exact: true }).waitFor();
    expect(errors).toEqual([]);
  },
);

test.each(['light', 'dark'] as const)(
  'every state of teaching is accessible in the %s theme, and in the light one fits every screen',
  { timeout: walkMs },
  async (colorScheme) => {
    const { page } = await openTeach(open, { colorScheme });
    const check = async (state: string) => {
      await expectAccessible(page, state);
      if (colorScheme === 'light') await expectToFitScreens(page, state);
      await page.setViewportSize({ width: 1280, height: 800 });
    };
    await page.getByRole('heading', { name: 'Teach' }).waitFor();
    await check('nothing taught yet');
    const all = await begin(page, 5);
    await page.getByText('Symmetric pairs and lines').click();
    await check('points, not marked');
    await press(page, 'Mark pictures');
    await waitForMarking(page, all[0].file.name);
    await check('marking');
    await press(page, 'All pictures');
    await markAll(page, all);
    await learn(page);
    await check('learned');
    await press(page, 'Remove');
    await page.getByRole('heading', { name: 'Remove Gaze?' }).waitFor();
    await check('removing');
    await press(page, 'Keep them');
    await goTo(page, '#/photos/teach/my-face');
    await page.getByRole('heading', { name: 'My face' }).waitFor();
    await check('my face');
    await goTo(page, '#/photos/teach');
    await page.locator('[data-scheme]').waitFor();
    await check('schemes');
  },
);
