/** The page of pictures in each of its states: axe finds nothing in either theme, and nothing sticks out of small screens. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';
import { testStates, type States } from './fit-and-access';
import { addPictures, openFirst, openPhotos, pictures, sample } from './photos';

const open = useApp();

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const closeDialog = (page: Page) => press(page, 'Close');
const openTab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

/** The way through all states, each from the one before. */
const states: States = [
  ['welcome', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  ['grid', (page) => addPictures(page, pictures.slice(0, 2))],
  [
    'measuring',
    async (page) => {
      await page.locator('[data-part=pick-pictures]').setInputFiles([
        { name: 'astronaut.png', mimeType: 'image/png', buffer: readFileSync(sample) },
        { name: 'astronaut.pts', mimeType: 'text/plain', buffer: Buffer.from('100 100\n'.repeat(68)) },
      ]);
      await press(page, 'Measure');
      await page.getByRole('img', { name: /^Cumulative error curves/ }).waitFor();
    },
  ],
  [
    'selecting',
    async (page) => {
      await closeDialog(page);
      await press(page, 'Select');
      await page.locator('button[data-photo]').first().click();
    },
  ],
  ['removing', (page) => press(page, 'Remove')],
  [
    'camera',
    async (page) => {
      await closeDialog(page);
      await press(page, 'Done');
      await press(page, 'Camera');
      await page.getByText('The picture is saved as the camera sees it').waitFor();
    },
  ],
  [
    'export',
    async (page) => {
      await closeDialog(page);
      await press(page, 'Export');
    },
  ],
  [
    'faces',
    async (page) => {
      await closeDialog(page);
      await openFirst(page);
      await page.keyboard.press('f');
    },
  ],
  ['points', (page) => openTab(page, 'Points')],
  ['display', (page) => openTab(page, 'Display')],
  ['compare', (page) => openTab(page, 'Compare')],
  ['drawing a box', (page) => page.keyboard.press('b')],
  ['shortcuts', (page) => page.keyboard.press('?')],
];

testStates(states, (context) => openPhotos(open, { context }));

test('everything in the viewer is reached with Tab, and nothing keeps the focus', async () => {
  const { page } = await openPhotos(open);
  await addPictures(page, pictures.slice(0, 1));
  await openFirst(page);
  await page.keyboard.press('f');
  const seen: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const label = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? '';
    });
    if (seen.length && label === seen[0]) break;
    seen.push(label);
  }
  expect(seen.length).toBeLessThan(60);
  expect(seen).toEqual(
    expect.arrayContaining([
      'Live',
      'All pictures',
      'Draw a box around a face',
      'Delete',
      'Picture astronaut.png',
    ]),
  );
});
