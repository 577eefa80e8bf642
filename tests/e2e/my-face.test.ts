/** A person corrects the points on pictures of one face; what is learned of that is added to its points on another picture. */
import { expect, test } from 'vitest';
import { useApp } from './app';
import { openPhotos, pointTable, waitForPictures } from './photos';
import { surfaceOf, teachPictures } from './teach-page';

const open = useApp();
const walkMs = 240_000;
const CORRECTED = 5;
/** Index of the picture that is not corrected; the others are turned to either side of it, smaller and larger. */
const ANOTHER = 1;
const CHIN = 9;
/**
 * Of a correction that is the same on every picture, with five pictures: n / (n + 2), less what another view takes of it. All are
 * views of one portrait, and so alike that one beyond them counts as somebody else: the other picture lies in their midst.
 */
const LEARNED_SHARE = [0.5, 0.9] as const;

test(
  'a correction of one face is learned, told, used on another picture, and removed',
  { timeout: walkMs },
  async () => {
    const { page, errors } = await openPhotos(open);
    const all = await teachPictures(page, CORRECTED + 1);
    const another = all[ANOTHER];
    const corrected = all.filter((one) => one !== another);
    await page.locator('[data-part=pick-pictures]').setInputFiles(all.map(({ file }) => file));
    await waitForPictures(page, all.length);
    const openPicture = async (name: string) => {
      await page
        .locator('button[data-photo]')
        .nth(all.findIndex(({ file }) => file.name === name))
        .click();
      await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
      await page.keyboard.press('f');
      await page.getByRole('tab', { name: 'Points' }).click();
    };
    const back = () => page.getByRole('button', { name: 'All pictures', exact: true }).click();
    const { pointOf, movedCount } = pointTable(page);

    let shift = 0;
    for (const { file } of corrected) {
      await openPicture(file.name);
      const before = await pointOf(CHIN);
      await surfaceOf(page).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('a');
      await page.keyboard.press('Shift+ArrowDown');
      await expect.poll(movedCount).toBe(68);
      shift = (await pointOf(CHIN)).y - before.y;
      await back();
    }
    expect(shift).toBeGreaterThan(5);
    await openPicture(another.file.name);
    const plain = await pointOf(CHIN);
    await back();

    await page.goto(page.url().replace(/#.*/, '#/photos/teach/my-face'));
    await page.getByText('5 pictures to learn from.').waitFor();
    await page.getByRole('button', { name: 'Learn', exact: true }).click();
    await page.locator('[data-part=lesson][data-state=learned]').waitFor();
    await page.getByRole('link', { name: 'Use it on photos' }).click();
    await openPicture(another.file.name);
    const share = async () => ((await pointOf(CHIN)).y - plain.y) / shift;
    await expect.poll(share).toBeGreaterThan(LEARNED_SHARE[0]);
    expect(await share()).toBeLessThan(LEARNED_SHARE[1]);
    await back();

    await page.goto(page.url().replace(/#.*/, '#/photos/teach/my-face'));
    await page.getByRole('button', { name: 'Remove the model' }).click();
    await page.getByText('Its model was removed. Learn again to have it back.').waitFor();
    expect(errors).toEqual([]);
  },
);
