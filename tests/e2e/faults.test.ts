/** What may happen to a page that is left alone: the live view goes on by itself, without a reload. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { followsFace, problemOf, useApp } from './app';
import { watchFor } from './passing';
import { addPictures, pictures } from './photos';

const open = useApp();

/** Longer than anybody waits for the next frame. */
const ASLEEP_MS = 3_600_000;
const FROZEN_MS = 2000;

const path = '?sample&backend=wasm';

/** Another engine may be there before anybody looks. */
const watchStop = (page: Page) => watchFor(page, 'body:not(:has([data-part=stage][data-state=running]))');

test('the worker is killed: another takes its place', async () => {
  const { page, waitForResults, errors } = await open({ path });
  await followsFace(page);
  await waitForResults(2);
  const hasStopped = await watchStop(page);
  // Nothing is fired at the page when a worker ends from within.
  await page.workers()[0].evaluate(() => self.close());
  await hasStopped();
  await followsFace(page);
  await waitForResults(2);
  expect(errors).toEqual([]);
});

test('the worker is killed before the page of pictures is opened, and again there: every picture is looked at', async () => {
  const { page, waitForResults, errors } = await open({ path });
  await followsFace(page);
  await waitForResults(1);
  const kill = () => page.workers()[0].evaluate(() => self.close());
  await page.getByRole('link', { name: 'Photos' }).click();
  await page.getByRole('button', { name: 'Choose pictures' }).waitFor();
  for (const picture of pictures.slice(0, 2)) {
    await kill();
    await addPictures(page, [picture]);
  }
  expect(await page.getByRole('alert').count()).toBe(0);
  await kill();
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await followsFace(page);
  expect(errors).toEqual([]);
});

test('the worker is killed again at once: that is told, and trying again works', async () => {
  const { page, waitForResults, waitForState } = await open({ path });
  await followsFace(page);
  for (let times = 0; times < 2; times++) {
    await page.locator('[data-part=stage][data-state=running]').waitFor();
    await waitForResults(1);
    const hasStopped = await watchStop(page);
    await page.workers()[0].evaluate(() => self.close());
    await hasStopped();
  }
  expect(await problemOf(page)).toBe('worker-failed');
  await page.getByRole('button', { name: 'Try again' }).click();
  await waitForState('running');
});

test('the device sleeps and the clock jumps by an hour: the face is followed again', async () => {
  const { page, waitForResults, errors } = await open({
    path,
    prepare: (fresh) =>
      fresh.addInitScript(() => {
        const asleep = { ms: 0 };
        Object.assign(window, { asleep });
        const now = performance.now.bind(performance);
        performance.now = () => now() + asleep.ms;
        const request = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (callback) => request((timeMs) => callback(timeMs + asleep.ms));
      }),
  });
  await followsFace(page);
  await waitForResults(2);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
  await cdp.send('Page.setWebLifecycleState', { state: 'active' });
  await page.evaluate((ms) => {
    (window as unknown as { asleep: { ms: number } }).asleep.ms = ms;
  }, ASLEEP_MS);
  await waitForResults(3);
  await followsFace(page);
  expect(errors).toEqual([]);
});
