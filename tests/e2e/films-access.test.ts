/** The page Films in each of its states: axe finds nothing in either theme, everything fits small screens, keys do the work. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { makeFaceFilm } from '../fixtures/films';
import { useApp } from './app';
import { openFilms, openFirstFilm, readFilmOnPage } from './films-page';
import { testStates, type States } from './fit-and-access';

const FRAMES = 20;

let film: string;
beforeAll(async () => {
  film = await makeFaceFilm(FRAMES, 15);
});
const open = useApp();

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** The way through all states, each from the one before. */
const states: States = [
  ['welcome', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['list', (page) => readFilmOnPage(page, film)],
  [
    'film',
    async (page) => {
      await openFirstFilm(page);
      await page.locator('[data-part=film-stage][data-faces="1"]').waitFor();
    },
  ],
  [
    'export',
    async (page) => {
      await press(page, 'Export');
      await page.getByRole('checkbox', { name: /^Frames with/ }).check();
    },
  ],
  [
    'keys',
    async (page) => {
      await press(page, 'Close');
      await press(page, 'Keys');
    },
  ],
];

testStates(states, (context) => openFilms(open, { context }));

test('the player is worked by keys, and the slider, the curves and the picture move together', async () => {
  const { page, errors } = await openFilms(open);
  await readFilmOnPage(page, film);
  await openFirstFilm(page);
  const shown = async () => Number(await page.locator('[data-part=film-stage]').getAttribute('data-frame'));
  const slider = page.getByRole('slider', { name: 'Frame' });
  const markAt = () =>
    page
      .locator('.strip-mark')
      .first()
      .evaluate((mark) => parseFloat((mark as HTMLElement).style.left));
  const expectFrame = async (frame: number) => {
    await expect.poll(shown).toBe(frame);
    expect(Number(await slider.inputValue())).toBe(frame);
  };
  const before = await markAt();
  await page.locator('h1').click();
  for (const [key, frame] of [
    ['ArrowRight', 1],
    ['ArrowRight', 2],
    ['ArrowLeft', 1],
    ['End', FRAMES - 1],
    ['ArrowRight', FRAMES - 1],
    ['Home', 0],
  ] as const) {
    await page.keyboard.press(key);
    await expectFrame(frame);
  }
  await page.keyboard.press('Shift+ArrowRight');
  await expectFrame(FRAMES - 1);
  expect(await markAt()).toBeGreaterThan(before);
  // The slider's own keys are not taken twice.
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expectFrame(FRAMES - 2);
  // Pressing in a curve goes there.
  const over = page.locator('.u-over').first();
  const box = (await over.boundingBox())!;
  await page.mouse.click(box.x + 1, box.y + box.height / 2);
  await expectFrame(0);
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await expect.poll(shown).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await expectFrame(FRAMES - 1);
  // The legend tells the values of the frame that is shown, and of none but where there are: no face is in the last.
  const told = page.locator('[data-part=strips] .u-legend').first().locator('.u-value');
  await page.mouse.move(0, 0);
  await expect.poll(async () => (await told.allInnerTexts()).slice(1)).toEqual(['–', '–', '–']);
  await page.keyboard.press('Home');
  await expectFrame(0);
  await expect.poll(async () => (await told.allInnerTexts()).join(' ')).toMatch(/^0\.00 s( −?\d+\.\d\d){3}$/);

  // Escape leaves the field of a name, then the film.
  await page.getByLabel('Name of Face 1').fill('Zoe?');
  await page.keyboard.press('Escape');
  await page.locator('[data-part=people]').getByText('Zoe?').waitFor();
  await expectFrame(0);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'Films', exact: true }).waitFor();
  // A name that was being typed when the film went is kept.
  await openFirstFilm(page);
  await page.getByLabel('Name of Face 1').fill('Ada');
  await page.goBack();
  await page.getByRole('heading', { name: 'Films', exact: true }).waitFor();
  await openFirstFilm(page);
  await page.locator('[data-part=people]').getByText('Ada').waitFor();
  expect(errors).toEqual([]);
});
