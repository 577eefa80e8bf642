/** Reads what pages of the library's test projects say, as their visitor. */
import type { Browser, BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { BUILD_MS } from './packed';

/** The astronaut's nose, read off the picture by eye, and how far the tip's point may be from it: px. */
const NOSE = { x: 226, y: 136 };
const NOSE_TOLERANCE_PX = 12;
const NOSE_TIP = 30;

/**
 * Opens the page, waits until it has written down the points of the one face of the sample, and holds the nose to its place.
 * @param cores that the page is told there are. @returns the points, and what the page says of the engine.
 */
export async function expectSamplesFace(
  browser: Browser | BrowserContext,
  url: string,
  cores?: number,
): Promise<{ points: number[]; about: string }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('requestfailed', (request) => {
    // What a worker asked for is called aborted where it ends before Chromium has told that it came.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') problems.push(`not loaded: ${request.url()}`);
  });
  if (cores)
    await page.addInitScript(
      `Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => ${cores} })`,
    );
  await page.goto(url);
  const output = page.locator('output');
  // React's and Svelte's say that there are no faces before there are any.
  await expect
    .poll(() => output.textContent({ timeout: BUILD_MS }), { timeout: BUILD_MS })
    .toMatch(/^(\[\[|failed)/);
  const faces = JSON.parse((await output.textContent())!.replace(/^failed.*/, '"$&"')) as number[][];
  const about = (await output.getAttribute('title')) ?? '';
  await page.close();
  expect(problems).toEqual([]);
  expect(faces).toHaveLength(1);
  const [points] = faces;
  expect(points).toHaveLength(136);
  const [x, y] = [points[2 * NOSE_TIP], points[2 * NOSE_TIP + 1]];
  expect(Math.hypot(x - NOSE.x, y - NOSE.y)).toBeLessThan(NOSE_TOLERANCE_PX);
  return { points, about };
}
