/** Having Mien among the device's apps: by a button where the browser asks, by a guide where it has a menu, else not a word. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useApp } from './app';

const open = useApp();
const way = (page: Page) => page.locator('[data-part=install]');

/** Does as a browser that would install the page. @returns whether the page keeps it from asking by itself */
const offer = (page: Page) =>
  page.evaluate(() => {
    const prompt = () => void document.body.append('The browser asks.');
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt });
    return !dispatchEvent(event);
  });

/** As Safari on phones has it. */
const onPhone = (standalone: boolean) => (page: Page) =>
  page.addInitScript((is) => Object.assign(navigator, { standalone: is }), standalone);

test('a browser that can install is asked by a button, once, from the first page and from About', async () => {
  const { page, errors } = await open();
  expect(await way(page).count()).toBe(0);
  expect(await offer(page)).toBe(true);
  await page.getByRole('button', { name: 'Install Mien' }).waitFor();
  await page.getByRole('link', { name: 'About' }).click();
  await page.getByRole('button', { name: 'Install Mien' }).press('Enter');
  await page.getByText('The browser asks.').waitFor();
  await way(page).waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement === document.body)).toBe(false);

  await offer(page);
  await way(page).waitFor();
  await page.evaluate(() => dispatchEvent(new Event('appinstalled')));
  await way(page).waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});

test('a browser with a share menu is explained, until Mien is on the home screen', async () => {
  const { page } = await open({ path: '#/about', prepare: onPhone(false) });
  await page.getByText('Add Mien to the home screen').click();
  await page.getByText('Add to Home Screen').waitFor();
  expect(await way(page).getByRole('listitem').count()).toBe(3);
});

test('nothing is said where Mien is installed already', async () => {
  const { page } = await open({ path: '#/about', prepare: onPhone(true) });
  await page.getByRole('heading', { name: 'On this device' }).waitFor();
  expect(await way(page).count()).toBe(0);
});
