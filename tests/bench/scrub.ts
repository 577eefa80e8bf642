/** Goes to places all over the film that is open in the player. */
import type { Page } from 'playwright-core';

const SCRUBS = 20;

/** Median and longest time from a place in the film to its frame on the stage, ms. */
export async function scrub(page: Page): Promise<{ readonly medianMs: number; readonly mostMs: number }> {
  const slider = page.getByRole('slider', { name: 'Frame' });
  const last = Number(await slider.getAttribute('max'));
  const times: number[] = [];
  for (let i = 0; i < SCRUBS; i++) {
    const frame = Math.round(((7 * i) % SCRUBS) * (last / SCRUBS)) + i;
    const startMs = performance.now();
    await slider.fill(String(frame));
    await page.locator(`[data-part=film-stage][data-frame="${frame}"]`).waitFor();
    times.push(performance.now() - startMs);
  }
  times.sort((one, other) => one - other);
  return { medianMs: times[Math.floor(times.length / 2)], mostMs: times[times.length - 1] };
}
