/** The Lab, walked through: stages, maps, heatmaps, what matters, two models, how it learned; links, files, access, and its pace. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';
import { expectAccessible, expectToFitScreens } from './fit-and-access';

/** Live frames a second that are promised with one sheet open, on wasm with the smallest model. */
const LEAST_RATE = 10;
const RATE_WATCHED_MS = 6000;
/** For two engines and some hundred passes of the network on a busy machine. */
const LONG_TEST_MS = 600_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

const open = useApp();
const openLab = (query: string, context = {}) => open({ path: `?backend=wasm#/lab/see?${query}`, context });

const face = (page: Page) => page.locator('[data-part=lab-stage][data-face=true]').waitFor();
const showTab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

/** Presses the button and reads what it saves. */
async function save(page: Page, name: string): Promise<{ readonly name: string; readonly data: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), data: await readFile(await download.path()) };
}

/** How many colours a picture has: one that was never drawn has one. */
const coloursOf = (page: Page, part: string) =>
  page.locator(`[data-part=${part}] canvas`).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

test(
  'a person sees into the network, and a link opens the same view again',
  async () => {
    const { page, errors } = await open({ path: '?backend=wasm#/lab' });
    await page.getByRole('button', { name: 'Use the sample' }).click();
    await face(page);
    await page.getByRole('combobox', { name: 'Model', exact: true }).selectOption('lite');
    await page.locator('tr[data-stage="encoder.stages.0.0.relu"] button').click();
    await page.getByRole('group', { name: 'Channels' }).getByRole('button').first().click();
    await expect.poll(() => coloursOf(page, 'channel')).toBeGreaterThan(100);
    const sheet = await save(page, 'Save sheet');
    expect(sheet.name).toBe('mien-lab-lite-encoder.stages.0.0.relu-sheet.png');
    expect(sheet.data.subarray(0, 4).equals(PNG)).toBe(true);
    expect(await coloursOf(page, 'filters-picture')).toBeGreaterThan(10);

    const label = await page.locator('[data-part=channel]').getAttribute('aria-label');
    await page.reload();
    await face(page);
    await expect.poll(() => page.locator('[data-part=channel]').getAttribute('aria-label')).toBe(label);
    await expect.poll(() => coloursOf(page, 'channel')).toBeGreaterThan(100);

    await showTab(page, 'Heatmaps');
    await page.getByRole('button', { name: 'Look into Mien heatmap' }).click();
    await face(page);
    await expect.poll(() => coloursOf(page, 'heatmap')).toBeGreaterThan(100);
    await page.getByRole('combobox', { name: 'Point', exact: true }).selectOption({ label: 'nose bridge 4' });
    await page.getByText('Deviation of the map itself').waitFor();
    expect((await save(page, 'Save heatmap')).name).toBe('mien-lab-unet-heatmap-nose-bridge-4.png');

    await showTab(page, 'Learning');
    await page.locator('[data-part=learned]').waitFor();
    await page.getByRole('slider', { name: /^Epoch/ }).press('Home');
    await expect.poll(() => page.locator('[data-part=learned]').getAttribute('data-epoch')).toBe('1');
    expect(page.url()).toContain('epoch=1');
    expect(errors).toEqual([]);
  },
  LONG_TEST_MS,
);

test(
  'what matters is mapped and drawn as a curve, and two models look at the same frames',
  async () => {
    const { page, errors } = await openLab('from=sample&model=lite&show=matters&point=30');
    const done = () => page.locator('[data-part=matters][data-done=true]').waitFor();
    await done();
    await page.locator('figcaption', { hasText: /up to \d/ }).waitFor();
    expect((await save(page, 'Save picture')).name).toBe('mien-lab-lite-occlusion.png');

    await page.getByText('Turn', { exact: true }).click();
    await done();
    await page.getByRole('slider', { name: /^Turn/ }).press('End');
    await page.locator('[data-part=curve] .mark').waitFor({ state: 'attached' });
    const curve = await save(page, 'Save curve');
    expect(curve.name).toBe('mien-lab-lite-turn-curve.svg');
    expect(curve.data.toString()).toMatch(/^<svg [^>]*viewBox/);
    // Turned by 60° the points are worse off than upright.
    const heights = await page
      .locator('[data-part=curve] circle')
      .evaluateAll((dots) => dots.map((dot) => Number(dot.getAttribute('cy'))));
    expect(heights.at(-1)!).toBeLessThan(heights[Math.floor(heights.length / 2)]);

    await showTab(page, 'Two models');
    await page.getByRole('combobox', { name: 'Beside Mien lite' }).selectOption('resnet');
    await page.locator('[data-part=compare][data-ready=true]').waitFor();
    const apart = await page.getByRole('row', { name: /^all/ }).getByRole('cell').last().innerText();
    // Two good models are not the same, nor far apart.
    expect(parseFloat(apart)).toBeGreaterThan(0.1);
    expect(parseFloat(apart)).toBeLessThan(10);
    await page.getByText('One over the other', { exact: true }).click();
    expect((await save(page, 'Save picture')).name).toBe('mien-lab-lite-beside-resnet.png');
    expect(errors).toEqual([]);
  },
  LONG_TEST_MS,
);

test('a picture that a person adds goes to Photos, and the Lab looks at it', async () => {
  const { page, errors } = await openLab('model=lite');
  await page.locator('input[type=file]').setInputFiles('static/samples/astronaut.png');
  await face(page);
  expect(page.url()).toMatch(/from=photo%3A/);
  expect(await page.locator('[data-part=rate]').innerText()).toBe('A still');
  expect(errors).toEqual([]);
});

test(
  'the model chosen last is looked into, however fast others were chosen before it',
  async () => {
    const { page, errors } = await openLab('from=sample&model=unet');
    await face(page);
    const model = page.getByRole('combobox', { name: 'Model', exact: true });
    for (let i = 0; i < 10; i++) await model.selectOption(i % 2 ? 'unet' : 'lite');
    await page
      .locator('[data-part=lab-stage][data-state=running][data-model=unet][data-face=true]')
      .waitFor();
    expect(errors).toEqual([]);
  },
  LONG_TEST_MS,
);

test('with one sheet open frames keep coming', async () => {
  const { page } = await openLab('from=sample&model=lite&stage=encoder.stages.0.0.relu');
  await face(page);
  await page.waitForTimeout(RATE_WATCHED_MS);
  const rate = Number(await page.locator('[data-part=lab-stage]').getAttribute('data-rate'));
  console.log(`Lab: ${rate} frames a second with one sheet open, lite on wasm`);
  expect(rate).toBeGreaterThanOrEqual(LEAST_RATE);
});

const states = [
  ['empty', ''],
  ['network', 'from=sample&model=lite&stage=encoder.stages.1.0.relu&channel=1'],
  ['heatmaps', 'from=sample&model=unet&show=heatmaps&point=8'],
  ['matters', 'from=sample&model=lite&show=matters&disturb=blur&amount=2'],
  ['compare', 'from=sample&model=lite&show=compare&beside=nose-b'],
  ['learned', 'from=sample&model=unet&show=learned'],
] as const;

test.each(['light', 'dark'] as const)(
  'axe finds nothing in any state of the %s theme, and in the light one every state fits every screen',
  async (colorScheme) => {
    const { page, errors } = await openLab('', { colorScheme, reducedMotion: 'reduce', hasTouch: true });
    for (const [name, query] of states) {
      await page.evaluate((hash) => void (location.hash = hash), `/lab/see?${query}`);
      if (query) await face(page);
      if (name === 'matters') await page.locator('[data-part=curve]').waitFor();
      if (name === 'compare') await page.locator('[data-part=compare][data-ready=true]').waitFor();
      if (name === 'learned') await page.locator('[data-part=learned]').waitFor();
      await page.waitForTimeout(300);
      await page.setViewportSize({ width: 1280, height: 800 });
      await expectAccessible(page, name);
      if (colorScheme === 'light') await expectToFitScreens(page, name);
    }
    expect(errors).toEqual([]);
  },
  LONG_TEST_MS,
);
