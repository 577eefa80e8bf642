/** The live page of the built app on a camera, at work. */
import type { Page } from 'playwright-core';
import type { BackendName } from '../../src/engine/types';
import type { MienDebug } from '../../src/app/debug';

declare global {
  interface Window {
    mien: MienDebug;
  }
}

/** Long enough for a busy machine to compile the shaders by a software GL. */
const startMs = 300_000;

export interface LiveOptions {
  readonly backend: BackendName;
  readonly model?: string;
}

/**
 * Starts the camera and waits for the first result.
 * @param url of the app. @throws where it does not run on that backend, in a worker.
 */
export async function startLive(
  page: Page,
  url: string,
  { backend, model = '' }: LiveOptions,
): Promise<void> {
  page.setDefaultTimeout(startMs);
  await page.goto(`${url}?${new URLSearchParams({ debug: '', backend, model })}`);
  await page.getByRole('button', { name: /start/i }).first().click();
  await page.waitForFunction(() => window.mien?.results.length > 0);
  const { backend: found, thread } = (await page.evaluate(() => window.mien.info))!;
  if (found !== backend || thread !== 'worker') throw new Error(`live page: on ${found} in the ${thread}`);
}

/** What a browser does when the system takes the camera's picture away for a while, or gives it back. */
export const setMuted = (page: Page, muted: boolean): Promise<void> =>
  page.locator('video').evaluate((video: HTMLVideoElement, value) => {
    const [track] = (video.srcObject as MediaStream).getVideoTracks();
    Object.defineProperty(track, 'muted', { value, configurable: true });
    track.dispatchEvent(new Event(value ? 'mute' : 'unmute'));
  }, muted);
