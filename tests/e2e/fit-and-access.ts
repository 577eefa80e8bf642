/** What every state of the app is held to: it fits every screen, nothing in it is cut off, and axe finds nothing. */
import AxeBuilder from '@axe-core/playwright';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';

/** Phones upright and lying, a tablet, a desktop, and that desktop at 200 % zoom: width and height in CSS px. */
const screens = [
  [320, 640],
  [390, 844],
  [844, 390],
  [768, 1024],
  [640, 400],
  [1280, 800],
] as const;

/** Where pages fold differently: a desktop, the narrowest phone, 200 % zoom. */
const foldings = [
  [320, 640],
  [640, 400],
  [1280, 800],
] as const;

/** By how much a letter may reach over an edge that cuts, CSS px. */
const letterTolerancePx = 1;

/** What a page shows, and the way there from the state before. */
export type States = readonly (readonly [name: string, reach: (page: Page) => Promise<unknown>])[];

/** What moves in is where it stays by then, ms. */
const SETTLING_MS = 200;

/** Goes through all states of a page, in each theme. */
export function testStates(
  states: States,
  openPage: (context: BrowserContextOptions) => Promise<{ page: Page; errors: readonly string[] }>,
): void {
  test.each(['light', 'dark'] as const)(
    'axe finds nothing in any state of the %s theme, and in the light one every state fits every screen',
    async (colorScheme) => {
      const touch = { hasTouch: true, deviceScaleFactor: 2 };
      const { page, errors } = await openPage({ colorScheme, reducedMotion: 'reduce', ...touch });
      for (const [name, reach] of states) {
        await reach(page);
        await page.waitForTimeout(SETTLING_MS);
        await expectAccessible(page, name);
        if (colorScheme === 'light') await expectToFitScreens(page, name);
      }
      expect(errors).toEqual([]);
    },
  );
}

/** Nothing scrolls sideways or is cut off, on any screen and with letters twice as large. @param state for the message */
export async function expectToFitScreens(page: Page, state: string): Promise<void> {
  for (const [width, height] of screens) {
    await page.setViewportSize({ width, height });
    await expectToFit(page, `${state}, ${width}×${height}`);
  }
  const setLetters = (size: string) =>
    page.evaluate((fontSize) => void (document.documentElement.style.fontSize = fontSize), size);
  await setLetters('200%');
  await expectToFit(page, `${state}, letters twice as large`);
  await setLetters('');
}

async function expectToFit(page: Page, state: string): Promise<void> {
  await page.evaluate(nextFrames);
  const sticksOut = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sticksOut, state).toBeLessThanOrEqual(0);
  expect(await page.evaluate(findCutOff, letterTolerancePx), state).toEqual([]);
}

/** A chart takes its new size a frame after the page has. Runs in the page. */
const nextFrames = () =>
  new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

/** Texts and controls that no scrolling brings into sight whole. Runs in the page. */
function findCutOff(tolerancePx: number): string[] {
  const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip';
  const scrolls = (overflow: string) => overflow === 'auto' || overflow === 'scroll';
  function isCut(rect: DOMRect, from: Element): boolean {
    let [across, down] = [true, true];
    for (let box: Element | null = from; box && (across || down); box = box.parentElement) {
      const { overflowX, overflowY, clipPath, position } = getComputedStyle(box);
      // Words for screen readers alone.
      if (clipPath !== 'none') return false;
      const edge = box.getBoundingClientRect();
      if (across && hides(overflowX))
        if (rect.left < edge.left - tolerancePx || rect.right > edge.right + tolerancePx) return true;
      if (down && hides(overflowY))
        if (rect.top < edge.top - tolerancePx || rect.bottom > edge.bottom + tolerancePx) return true;
      across &&= !scrolls(overflowX);
      down &&= !scrolls(overflowY);
      if (position === 'fixed') {
        if (across && (rect.left < -tolerancePx || rect.right > innerWidth + tolerancePx)) return true;
        if (down && (rect.top < -tolerancePx || rect.bottom > innerHeight + tolerancePx)) return true;
        return false;
      }
    }
    // What lies left of the page or above it is out of reach.
    return (across && rect.left + scrollX < -tolerancePx) || (down && rect.top + scrollY < -tolerancePx);
  }
  const found: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const parent = text.parentElement!;
    if (!text.textContent!.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest('select, noscript')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    if ([...range.getClientRects()].some((rect) => isCut(rect, parent))) found.push(text.textContent!.trim());
  }
  for (const control of document.querySelectorAll('button, a[href], input, select, summary')) {
    if (!control.checkVisibility({ visibilityProperty: true })) continue;
    if (isCut(control.getBoundingClientRect(), control)) found.push(control.outerHTML);
  }
  return found;
}

/** axe finds nothing, however the page folds. @param state what the page shows, for the message */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const [width, height] of foldings) {
    await page.setViewportSize({ width, height });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    expect(found, `${state}, ${width}×${height}`).toEqual([]);
  }
}
