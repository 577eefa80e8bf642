/** Every state on phones and desktops, in both themes: nothing sticks out, and axe finds nothing to complain about. */
import { describe, test } from 'vitest';
import { useApp } from './app';
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
