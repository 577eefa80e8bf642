/** Every state on phones and desktops, in both themes: nothing sticks out, and axe finds nothing to complain about. */
import AxeBuilder from '@axe-core/playwright';
import { describe, expect, test } from 'vitest';
import { useApp } from './app';

const open = useApp();

const views = {
  welcome: { path: '', ready: 'h1' },
  live: { path: '?sample', ready: '[data-part=meter]' },
  problem: { path: '?sample&model=nothing', ready: '[data-problem]' },
  models: { path: '#/models', ready: '[data-model] dl' },
  about: { path: '#/about', ready: 'h1' },
} as const;

const screens = [
  [320, 640],
  [390, 844],
  [844, 390],
  [768, 1024],
  [1280, 800],
] as const;

describe.each(Object.entries(views))('%s', (_name, { path, ready }) => {
  test('fits every screen without scrolling sideways', async () => {
    const app = await open({ path, context: { hasTouch: true } });
    await app.page.locator(ready).first().waitFor();
    for (const [width, height] of screens) {
      await app.page.setViewportSize({ width, height });
      const sticksOut = await app.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(sticksOut, `${width}×${height}`).toBeLessThanOrEqual(0);
    }
  });

  test.each(['light', 'dark'] as const)('axe finds nothing in the %s theme', async (colorScheme) => {
    const app = await open({ path, context: { colorScheme } });
    await app.page.locator(ready).first().waitFor();
    const { violations } = await new AxeBuilder({ page: app.page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });
});
