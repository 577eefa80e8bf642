/** Every state on phones and desktops, in both themes: nothing sticks out, and axe finds nothing to complain about. */
import { describe, expect, test } from 'vitest';
import { followsFace, useApp } from './app';
import { expectAccessible, expectToFitScreens } from './fit-and-access';

const open = useApp();

const views = {
  welcome: { path: '', ready: 'h1' },
  live: { path: '?sample', ready: '[data-part=meter]' },
  problem: { path: '?sample&model=nothing', ready: '[data-problem]' },
  models: { path: '#/models', ready: '[data-model] dl' },
  about: { path: '#/about', ready: 'h1' },
} as const;

describe.each(Object.entries(views))('%s', (state, { path, ready }) => {
  test('fits every screen', async () => {
    const app = await open({ path, context: { hasTouch: true, deviceScaleFactor: 2 } });
    await app.page.locator(ready).first().waitFor();
    await expectToFitScreens(app.page, state);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (colorScheme) => {
    const app = await open({ path, context: { colorScheme } });
    await app.page.locator(ready).first().waitFor();
    await expectAccessible(app.page, state);
  });
});

test('axe finds nothing beside the picture of a camera', async () => {
  const app = await open();
  await app.page.getByRole('button', { name: 'Start the camera' }).click();
  await app.waitForState('running');
  await expectAccessible(app.page, 'camera');
});

test.each([
  ['a desktop', 1280, 800],
  ['a phone', 360, 740],
] as const)('what was just recorded is in sight under the picture of %s', async (_, width, height) => {
  const { page, waitForResults } = await open({
    path: '?sample&backend=wasm',
    context: { viewport: { width, height } },
  });
  await followsFace(page);
  await page.keyboard.press('g');
  await page.locator('[data-part=signals][data-face]').waitFor();
  await page.keyboard.press('v');
  await waitForResults(5);
  await page.keyboard.press('v');
  const heading = page.getByRole('heading', { name: 'Recordings' });
  await heading.waitFor();
  const [shown, picture, panel] = await Promise.all(
    [heading, page.locator('[data-part=stage]'), page.locator('[data-part=signals]')].map((part) =>
      part.boundingBox().then((box) => box!),
    ),
  );
  expect(await page.evaluate(() => scrollY)).toBe(0);
  expect(shown.y).toBeGreaterThanOrEqual(picture.y + picture.height);
  expect(shown.y + shown.height).toBeLessThanOrEqual(height);
  // Beside the panel, or above it.
  expect(shown.x + shown.width <= panel.x || shown.y + shown.height <= panel.y).toBe(true);
});

test('of many recordings the two newest stand there, the older ones behind a fold', async () => {
  const { page, waitForResults } = await open({ path: '?sample&backend=wasm' });
  await followsFace(page);
  const kept = page.locator('[data-recording]');
  for (let count = 1; count <= 3; count++) {
    await page.keyboard.press('v');
    await waitForResults(3);
    await page.keyboard.press('v');
    await expect.poll(() => kept.count()).toBe(count);
  }
  const inSight = page.locator('[data-recording]:visible');
  expect(await inSight.count()).toBe(2);
  await page.getByText('Older ones (1)').click();
  expect(await inSight.count()).toBe(3);
});
