/** States that pass by themselves: on a fast machine they are gone before a test looks, so that the page itself has to see them. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const observed = { subtree: true, childList: true, attributes: true, characterData: true } as const;

/**
 * From now on the page notices when something is there, however soon it goes again.
 * @param selector of what is waited for; @param text that it holds
 * @returns waits until it was there
 */
export async function watchFor(page: Page, selector: string, text = ''): Promise<() => Promise<void>> {
  const watch = await page.evaluateHandle(
    ([wanted, words, options]) => {
      const seen = { ever: false };
      const look = () => {
        seen.ever = [...document.querySelectorAll(wanted)].some((one) => one.textContent?.includes(words));
        return seen.ever;
      };
      const observer = new MutationObserver(() => look() && observer.disconnect());
      if (!look()) observer.observe(document, options);
      return seen;
    },
    [selector, text, observed] as const,
  );
  return () => expect.poll(() => watch.evaluate(({ ever }) => ever)).toBe(true);
}

/**
 * Presses a button in the moment in which something comes to be there: not once the test has heard of it.
 * @param name all of its text; @param selector of what is waited for
 * @returns when that is done; what leads to it is to be done without waiting for this
 */
export function pressOnce(page: Page, name: string, selector: string): Promise<void> {
  return page.evaluate(
    ([words, wanted, options]) =>
      new Promise<void>((resolve) => {
        const act = () => {
          const button = [...document.querySelectorAll('button')].find(
            ({ textContent }) => textContent?.trim() === words,
          );
          if (!button || !document.querySelector(wanted)) return false;
          button.click();
          resolve();
          return true;
        };
        const observer = new MutationObserver(() => act() && observer.disconnect());
        if (!act()) observer.observe(document, options);
      }),
    [name, selector, observed] as const,
  );
}

/**
 * Waits until something is the same at two looks in a row: what is drawn follows what is told by some frames.
 * @param everyMs at which it may change
 */
export async function waitUntilStill<T extends string | number>(
  look: () => Promise<T>,
  everyMs = 100,
): Promise<void> {
  let last: T | undefined;
  const isStill = async () => {
    const [before, now] = [last, await look()];
    last = now;
    return now === before;
  };
  await expect.poll(isStill, { interval: 2 * everyMs }).toBe(true);
}
