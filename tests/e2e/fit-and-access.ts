/** What every state of the app is held to: it fits every screen, and axe finds nothing to complain about. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Phones upright and lying, a tablet, a desktop: width and height in CSS px. */
const screens = [
  [320, 640],
  [390, 844],
  [844, 390],
  [768, 1024],
  [1280, 800],
] as const;

/** Nothing scrolls sideways on any screen. @param state what the page shows, for the message */
export async function expectToFitScreens(page: Page, state: string): Promise<void> {
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sticksOut, `${state}, ${width}×${height}`).toBeLessThanOrEqual(0);
  }
}

export async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect(found, state).toEqual([]);
}
