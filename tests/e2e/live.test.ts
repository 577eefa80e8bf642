/** The live page at work on the sample: what is drawn, and every control. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { waitUntilStill } from './passing';
import { useApp, type App, type AppOptions } from './app';

const open = useApp();

async function openSample(options: AppOptions = {}): Promise<App> {
  const app = await open({ path: '?sample&backend=wasm&debug', ...options });
  await app.waitForState('running');
  await expect.poll(() => app.stage.getAttribute('data-faces')).toBe('1');
  return app;
}

/** Opaque pixels of the overlay: their number, and the part of the landmarks that has one within 4 px. */
function lookAtOverlay({ page }: App) {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('canvas.overlay')!;
    const context = canvas.getContext('2d')!;
    const { session } = window.mien;
    const { faces, width, height } = session.results.latest!;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const isInk = (x: number, y: number) =>
      data[4 * (Math.round(y) * canvas.width + Math.round(x)) + 3] > 128;
    const scale = Math.min(canvas.width / width, canvas.height / height);
    const [left, top] = [(canvas.width - scale * width) / 2, (canvas.height - scale * height) / 2];
    let near = 0;
    const points = faces[0]?.points ?? [];
    for (let i = 0; i < points.length; i += 2) {
      const x = left + scale * points[i];
      const y = top + scale * points[i + 1];
      const at = session.mirrored ? canvas.width - x : x;
      const around = [-4, -2, 0, 2, 4].flatMap((dx) => [-4, -2, 0, 2, 4].map((dy) => isInk(at + dx, y + dy)));
      if (around.some(Boolean)) near += 1;
    }
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) inked += 1;
    return { inked, near: near / (points.length / 2) };
  });
}

describe('the live page', () => {
  test('finds the face of the sample and draws over it, mirrored or not', async () => {
    const live = await openSample();
    expect(await live.stage.getAttribute('data-backend')).toBe('wasm');
    expect(await live.stage.getAttribute('data-thread')).toBe('worker');
    await live.page.keyboard.press('Space');
    await live.waitForState('frozen');
    await expect.poll(() => lookAtOverlay(live)).toMatchObject({ near: 1 });
    await live.page.keyboard.press('r');
    expect(await live.stage.getAttribute('data-mirrored')).toBe('true');
    await expect.poll(() => lookAtOverlay(live)).toMatchObject({ near: 1 });
    expect(live.errors).toEqual([]);
  });

  test('keys and controls change what is drawn', async () => {
    const live = await openSample();
    const { page } = live;
    await page.keyboard.press('Space');
    await live.waitForState('frozen');
    const overlay = () =>
      page.locator('canvas.overlay').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await waitUntilStill(overlay);
    const inkAfter = async (key: string) => {
      const before = await overlay();
      await page.keyboard.press(key);
      await expect.poll(overlay).not.toBe(before);
      await waitUntilStill(overlay);
      return (await lookAtOverlay(live)).inked;
    };
    const points = await inkAfter('1');
    const contours = await inkAfter('2');
    const mesh = await inkAfter('3');
    expect(contours).toBeGreaterThan(points);
    expect(mesh).toBeGreaterThan(points);
    expect(await page.getByRole('radio', { name: 'Mesh' }).isChecked()).toBe(true);
    expect(await inkAfter('n')).toBeGreaterThan(mesh);
    expect(await page.getByRole('switch', { name: 'Numbers of the points' }).isChecked()).toBe(true);
    await page.keyboard.press('u');
    await page.keyboard.press('u');
    expect(await page.getByRole('radio', { name: 'Colour' }).isChecked()).toBe(true);
    await page.getByText('unsure', { exact: true }).waitFor();
    await page.keyboard.press(']');
    expect(await page.getByRole('slider', { name: 'Smoothing' }).getAttribute('aria-valuetext')).toBe('60 %');
    await page.keyboard.press('+');
    expect(await page.getByRole('slider', { name: 'Faces' }).getAttribute('aria-valuetext')).toBe(
      'up to 2 faces',
    );
    expect(live.errors).toEqual([]);
  });

  test('freezing stops the results and going on starts them again', async () => {
    const live = await openSample();
    await live.page.getByRole('button', { name: 'Freeze' }).click();
    await live.waitForState('frozen');
    const count = async () => Number(await live.stage.getAttribute('data-results'));
    // The frame under way when it was frozen may still come; the page says so four times a second.
    await waitUntilStill(count, 250);
    const frozen = await count();
    await live.page.waitForTimeout(1500);
    expect(await count()).toBe(frozen);
    await live.page.getByRole('button', { name: 'Resume' }).click();
    await live.waitForResults(3);
  });

  test('a snapshot is a PNG of the frame with the overlay in it', async () => {
    const live = await openSample();
    const downloading = live.page.waitForEvent('download');
    await live.page.keyboard.press('s');
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^mien-\d{4}(-\d\d){5}\.png$/);
    const png = await readFile(await download.path());
    expect([...png.subarray(1, 4)].map((code) => String.fromCharCode(code)).join('')).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([640, 480]);
    // The colour of the first face is nowhere in the portrait.
    const overlayPixels = await live.page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes]));
      const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
      context.drawImage(picture, 0, 0);
      const { data } = context.getImageData(0, 0, picture.width, picture.height);
      const distance = (i: number) => Math.hypot(data[i] - 0x7f, data[i + 1] - 0xe3, data[i + 2] - 0xd0);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) if (distance(i) < 12) found += 1;
      return found;
    }, png.toString('base64'));
    expect(overlayPixels).toBeGreaterThan(200);
    await live.page.getByText(/^Saved mien-/).waitFor();
  });

  test('the list of shortcuts opens with ? and closes with Escape', async () => {
    const { page } = await openSample();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keyboard' });
    await dialog.waitFor();
    expect(await dialog.locator('kbd').count()).toBeGreaterThan(10);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.keyboard.press('?');
    await dialog.waitFor();
  });

  test('the meter changes at most four times a second, can be hidden, and stays hidden after a reload', async () => {
    const { page, waitForState } = await openSample();
    const meter = page.locator('[data-part=meter]');
    await expect.poll(() => meter.locator('.number').innerText()).toMatch(/^[1-9]\d*$/);
    const { changes, watchedMs } = await meter.evaluate(async (element) => {
      const startMs = performance.now();
      let count = 0;
      const observer = new MutationObserver(() => (count += 1));
      observer.observe(element, { subtree: true, characterData: true, childList: true });
      await new Promise((resolve) => setTimeout(resolve, 3000));
      observer.disconnect();
      return { changes: count, watchedMs: performance.now() - startMs };
    });
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThanOrEqual(1 + (4 * watchedMs) / 1000);
    await page.keyboard.press('m');
    await meter.waitFor({ state: 'hidden' });
    await page.reload();
    await waitForState('running');
    expect(await meter.count()).toBe(0);
  });

  test('holds the sample still for people who asked for less motion', async () => {
    const { page, waitForResults } = await openSample({ context: { reducedMotion: 'reduce' } });
    const picture = () =>
      page.locator('.picture canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const before = await picture();
    await waitForResults(5);
    expect(await picture()).toBe(before);
  });
});
