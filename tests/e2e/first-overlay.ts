/** Notes when the app draws its first points. */
import type { BrowserContext, Page } from 'playwright-core';

const GIVE_UP_MS = 90_000;

declare global {
  interface Window {
    /** Since the navigation, ms; undefined until something is drawn. */
    firstOverlayMs?: number;
  }
}

/** Has every page of the context note when its overlay is drawn on for the first time. */
export const noteFirstOverlay = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const prototype = CanvasRenderingContext2D.prototype;
    for (const name of ['fill', 'stroke'] as const) {
      const draw = prototype[name] as (this: CanvasRenderingContext2D, ...args: unknown[]) => void;
      prototype[name] = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
        if (this.canvas.classList.contains('overlay')) window.firstOverlayMs ??= performance.now();
        draw.apply(this, args);
      };
    }
  });

/** Opens the app with the sample on WebAssembly. @returns from the navigation to its first points, ms. */
export async function firstOverlayMs(page: Page, url: string): Promise<number> {
  await page.goto(`${url}?sample&backend=wasm`);
  const noted = await page.waitForFunction(() => window.firstOverlayMs, undefined, { timeout: GIVE_UP_MS });
  return (await noted.jsonValue())!;
}
