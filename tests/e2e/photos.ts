/** Opens the page of pictures with pictures on it, and reads what it shows as a person would. */
import { copyFileSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from './browser';
import type { App, AppOptions } from './app';

/** Pictures that are not part of the project. */
const media = join(root, '../shared/media');
export const sample = join(root, 'static/samples/astronaut.png');
/** One face each, of several sizes. */
const portraits = ['lisa1.jpg', 'f_african.jpg', 'm_easian.jpg', 'close-30cm.jpg']
  .map((name) => join(media, name))
  .filter((path) => existsSync(path));
/** The sample first; where there are no others, the sample again under another name. */
export const pictures = [sample, ...(portraits.length ? portraits : [copyOfSample()])];

function copyOfSample(): string {
  console.warn('no ../shared/media: the project’s own sample stands in for other pictures');
  const copy = join(mkdtempSync(join(tmpdir(), 'mien-sample-')), 'sample.png');
  copyFileSync(sample, copy);
  return copy;
}

export type OpenApp = (options?: AppOptions) => Promise<App>;

/** The page of pictures, on wasm, empty. */
export async function openPhotos(open: OpenApp, options: AppOptions = {}): Promise<App> {
  return open({ path: '?backend=wasm#/photos', ...options });
}

/** Waits until every picture has been processed. */
export async function waitForPictures(page: Page, count: number): Promise<void> {
  await expect
    .poll(() => page.locator('[data-work=done]').count(), { timeout: 90_000, interval: 200 })
    .toBe(count);
}

export async function addPictures(page: Page, files: readonly string[]): Promise<void> {
  const before = await page.locator('[data-work=done]').count();
  await page.locator('[data-part=pick-pictures]').setInputFiles([...files]);
  await waitForPictures(page, before + files.length);
}

/** The first picture in the viewer; only once it is there do keys go to it. */
export async function openFirst(page: Page): Promise<void> {
  await page.locator('button[data-photo]').first().click();
  await page.locator('[data-part=viewer]').waitFor();
}

export interface OpenedPicture extends App {
  /** The part that takes pointers and keys. */
  readonly surface: Locator;
  /** Where a point of the chosen face is: px of the picture, as the table has it. @param number from 1 */
  pointOf(number: number): Promise<{ x: number; y: number }>;
  /** How many points of the chosen face were moved by hand. */
  movedCount(): Promise<number>;
}

/** The viewer with one picture in it, and its first face chosen. */
export async function openPicture(
  open: OpenApp,
  file = sample,
  options?: AppOptions,
): Promise<OpenedPicture> {
  const app = await openPhotos(open, options);
  const { page } = app;
  await addPictures(page, [file]);
  await openFirst(page);
  await page.keyboard.press('f');
  await page.getByRole('tab', { name: 'Points' }).click();
  return { ...app, surface: page.getByRole('application').first(), ...pointTable(page) };
}

/** Reads the table of the chosen face's points. */
export function pointTable(page: Page): Pick<OpenedPicture, 'pointOf' | 'movedCount'> {
  const row = (number: number) =>
    page
      .locator('tbody tr')
      .nth(number - 1)
      .locator('td');
  return {
    async pointOf(number) {
      const [x, y] = await row(number).allInnerTexts();
      return { x: Number(x), y: Number(y) };
    },
    async movedCount() {
      const moved = await page.locator('tbody tr td:last-child').allInnerTexts();
      return moved.filter((text) => text !== '–').length;
    },
  };
}

/** Where a pixel of the picture is on the screen, CSS px of the page; the whole picture has to be shown. */
export async function onScreen(
  { surface, page }: OpenedPicture,
  place: { x: number; y: number },
  size: { width: number; height: number },
): Promise<{ x: number; y: number }> {
  const box = await surface.boundingBox();
  if (!box) throw new Error(`the picture is not shown at ${page.url()}`);
  const scale = Math.min(box.width / size.width, box.height / size.height);
  return {
    x: box.x + (box.width - scale * size.width) / 2 + scale * place.x,
    y: box.y + (box.height - scale * size.height) / 2 + scale * place.y,
  };
}
