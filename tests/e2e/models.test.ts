/** Models of every kind in the app: listed, compared, chosen while the view runs, and what happens when one fails. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { MienDebug } from '../../src/app/debug';
import { FACE_73, MAPS, NOSE, serveModels } from '../fixtures/synthetic-models';
import type { SyntheticModel } from '../fixtures/graph-files';
import { problemOf, useApp, type App } from './app';

const open = useApp();

const STANDARD = 'lite';
/** A point that a made-up network puts into the middle of the detector's crop lies so near the nose, in face sizes. */
const NOSE_TOLERANCE = 0.15;

/** The app with made-up models beside its own, with a sample that holds still. */
const openWith = (models: readonly SyntheticModel[], path = '?sample&backend=wasm&debug'): Promise<App> =>
  open({
    path,
    context: { reducedMotion: 'reduce' },
    prepare: (page) => serveModels(page.context(), models),
  });

const select = (page: Page) => page.getByLabel('Network that finds the points');

async function change({ page, waitForState, waitForResults }: App, model: SyntheticModel): Promise<void> {
  await waitForState('running');
  await waitForResults(2);
  await select(page).selectOption(model.id);
  await page.locator(`[data-part=stage][data-state=running][data-model=${model.id}]`).waitFor();
  await waitForResults(2);
}

/** The newest face, as plain data. */
const newestFace = (page: Page) =>
  page.evaluate(() => {
    const { mien } = window as unknown as { mien: MienDebug };
    const face = mien.results.at(-1)?.faces[0];
    return (
      face && { ...face, points: Array.from(face.points), spread: face.spread && Array.from(face.spread) }
    );
  });

/** Pixels of the overlay that something was drawn on. */
const drawnPixels = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.overlay')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });

describe('a model is changed while the view runs', () => {
  test('to one point from an upright crop: it lies on the nose, and what it cannot tell is not offered', async () => {
    const app = await openWith([NOSE]);
    await app.waitForState('running');
    await app.waitForResults(2);
    const before = await newestFace(app.page);
    await change(app, NOSE);
    const face = await newestFace(app.page);
    expect(face).toMatchObject({ spread: null, id: expect.any(Number) });
    expect(face!.points).toHaveLength(2);
    // Point 31 of 68 is the tip of the nose.
    const [x, y] = before!.points.slice(60, 62);
    expect(Math.hypot(face!.points[0] - x, face!.points[1] - y)).toBeLessThan(
      NOSE_TOLERANCE * before!.box.height,
    );
    expect(await drawnPixels(app.page)).toBeGreaterThan(10);

    const { page } = app;
    expect(await page.getByText('does not say how certain it is').isVisible()).toBe(true);
    for (const name of ['Size', 'Mesh', 'Contours'])
      expect(await page.getByRole('radio', { name }).isDisabled(), name).toBe(true);
    expect(await page.getByRole('radio', { name: 'Points' }).isChecked()).toBe(true);
    expect(app.errors).toEqual([]);
  });

  test('to 73 points alone from a crop that is wider than high, with contours and mesh', async () => {
    const app = await openWith([FACE_73]);
    await change(app, FACE_73);
    const face = await newestFace(app.page);
    expect(face).toMatchObject({ spread: null });
    expect(face!.points).toHaveLength(146);
    // The ring is half as wide as the crop and 0.7 of its height: 240 · 0.5 against 180 · 0.7.
    expect(face!.box.width / face!.box.height).toBeCloseTo((240 * 0.5) / (180 * 0.7), 1);
    const contours = await drawnPixels(app.page);
    await app.page.getByText('Mesh', { exact: true }).click();
    await expect.poll(() => drawnPixels(app.page)).toBeGreaterThan(1.5 * contours);
    expect(app.errors).toEqual([]);
  });

  test('and is there after a reload', async () => {
    const app = await openWith([MAPS]);
    await change(app, MAPS);
    expect((await newestFace(app.page))!.spread).toHaveLength(4);
    await app.page.reload();
    await app.waitForState('running');
    expect(await app.stage.getAttribute('data-model')).toBe(MAPS.id);
  });

  test('says what it is waiting for, and goes back to the model before when told to', async () => {
    const app = await openWith([NOSE]);
    const { page, stage } = app;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.context().route(`**/models/${NOSE.id}/*.bin`, async (route) => {
      await held;
      await route.fallback();
    });
    await app.waitForState('running');
    await select(page).selectOption(NOSE.id);
    await page.getByRole('heading', { name: `Changing to ${NOSE.entry.title}` }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await app.waitForState('running');
    release();
    expect(await stage.getAttribute('data-model')).toBe(STANDARD);
    expect(await select(page).inputValue()).toBe(STANDARD);
    expect(app.errors).toEqual([]);
  });

  test('to one that is broken: the model before is a way on', async () => {
    const app = await openWith([NOSE]);
    const { page, stage } = app;
    await page.context().route(`**/models/${NOSE.id}/*.bin`, (route) => route.fulfill({ body: 'broken' }));
    await app.waitForState('running');
    await select(page).selectOption(NOSE.id);
    await page.locator('[data-problem]').waitFor();
    expect(await problemOf(page)).toBe('hash-mismatch');
    await page.getByRole('button', { name: 'Use the previous model' }).click();
    await app.waitForState('running');
    expect(await stage.getAttribute('data-model')).toBe(STANDARD);
    expect(app.errors).toEqual([]);
  });
});

describe('the page of models', () => {
  const all = [NOSE, FACE_73, MAPS];

  test('lists every model, those for the classroom apart, and takes one to the live view', async () => {
    const { page, errors } = await openWith(all, '#/models');
    await page.locator(`[data-model=${FACE_73.id}] dl`).waitFor();
    const listed = await page
      .locator('[data-model]')
      .evaluateAll((cards) => cards.map((card) => card.getAttribute('data-model')));
    expect(listed.slice(-2)).toEqual([NOSE.id, FACE_73.id]);
    const apart = page.getByRole('heading', { name: 'Classroom' }).locator('~ *');
    expect(await apart.locator(`[data-model=${NOSE.id}]`).count()).toBe(1);
    expect(await apart.locator(`[data-model=${MAPS.id}]`).count()).toBe(0);
    const standard = page.locator(`[data-model=${STANDARD}]`);
    expect(await standard.innerText()).toMatch(/in use[^]*68[^]*128 × 128[^]*300w\/lfpw\/testset/);
    expect(await standard.innerText()).toMatch(
      /presence of\s+\d\d\.\d %[^]*aflw2000_rest \(held out\), shape only/,
    );
    expect(await page.locator(`[data-model=${FACE_73.id}] svg circle`).count()).toBe(73);
    await page.locator(`[data-model=${NOSE.id}]`).getByRole('link', { name: 'Use it live' }).click();
    await page.getByRole('button', { name: 'Try the sample' }).click();
    await page.locator(`[data-part=stage][data-state=running][data-model=${NOSE.id}]`).waitFor();
    expect(errors).toEqual([]);
  });

  test('names what is wrong with a model, and shows the others', async () => {
    const { page } = await open({
      path: '#/models',
      prepare: async (fresh) => {
        await serveModels(fresh.context(), all);
        await fresh
          .context()
          .route(`**/models/${NOSE.id}/model.json`, (route) => route.fulfill({ status: 404 }));
      },
    });
    const alarm = page.locator(`[data-model=${NOSE.id}]`).getByRole('alert');
    await alarm.waitFor();
    expect(await alarm.innerText()).toContain(`${NOSE.id}/model.json`);
    await page.locator(`[data-model=${MAPS.id}] dl`).waitFor();
  });

  test.each(['light', 'dark'] as const)(
    'fits a phone, and axe finds nothing in the %s theme',
    async (colorScheme) => {
      const { page } = await open({
        path: '#/models',
        context: { colorScheme, viewport: { width: 360, height: 740 } },
        prepare: (fresh) => serveModels(fresh.context(), all),
      });
      await page.locator(`[data-model=${FACE_73.id}] dl`).waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
    },
  );
});
