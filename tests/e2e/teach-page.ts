/** Pictures to teach with, and the way from naming points to marks on them. */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { sample, waitForPictures, type OpenApp } from './photos';
import { watchFor } from './passing';
import type { App } from './app';

export interface TeachPicture {
  readonly file: { name: string; mimeType: string; buffer: Buffer };
  /** Where the points are, px. */
  readonly places: readonly (readonly [number, number])[];
}

export const pointNames = ['left pupil', 'right pupil', 'nose tip'];
/** Of the sample, px. */
const places = [
  [203, 100],
  [248, 102],
  [223, 122],
] as const;
const SIDE_PX = 512;
/** Turn, and size of the face, of each picture; all show the sample. */
const views = [
  [0, 1],
  [8, 1.15],
  [-9, 0.95],
  [14, 1.05],
  [-15, 1.2],
  [4, 0.85],
] as const;

/** Turned and scaled about the face, so that no two show the points in the same places of the face's box. */
export async function teachPictures(page: Page, count: number): Promise<readonly TeachPicture[]> {
  const source = `data:image/png;base64,${readFileSync(sample).toString('base64')}`;
  const middle = { x: 224, y: 115 };
  const make = async ([degrees, scale]: readonly [number, number], i: number): Promise<TeachPicture> => {
    const [cos, sin] = [Math.cos, Math.sin].map((of) => scale * of((degrees * Math.PI) / 180));
    const to = [
      cos,
      sin,
      -sin,
      cos,
      middle.x - cos * middle.x + sin * middle.y,
      middle.y - sin * middle.x - cos * middle.y,
    ] as const;
    const base64 = await page.evaluate(drawTurned, { source, to, side: SIDE_PX });
    return {
      file: { name: `view-${i + 1}.png`, mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') },
      places: places.map(([x, y]) => [to[0] * x + to[2] * y + to[4], to[1] * x + to[3] * y + to[5]]),
    };
  };
  return Promise.all(views.slice(0, count).map(make));
}

/** Runs in the page. @returns a PNG in base64 */
async function drawTurned(what: {
  source: string;
  to: readonly [number, number, number, number, number, number];
  side: number;
}): Promise<string> {
  const image = new Image();
  image.src = what.source;
  await image.decode();
  const canvas = new OffscreenCanvas(what.side, what.side);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#807870';
  context.fillRect(0, 0, what.side, what.side);
  context.setTransform(...what.to);
  context.drawImage(image, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Names the points, and opens their page. */
export async function nameThePoints(page: Page, title: string): Promise<void> {
  await page.getByLabel('What they are of').fill(title);
  await page.getByLabel(/^Names of the points/).fill(pointNames.join(', '));
  await page.getByRole('button', { name: 'Make them' }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

export const surfaceOf = (page: Page) => page.getByRole('application');

/** Where a pixel of the open picture is on the page, CSS px; the whole picture has to be shown. */
export async function onPage(
  page: Page,
  [x, y]: readonly [number, number],
): Promise<{ x: number; y: number }> {
  const box = (await surfaceOf(page).boundingBox())!;
  const scale = Math.min(box.width, box.height) / SIDE_PX;
  return {
    x: box.x + (box.width - scale * SIDE_PX) / 2 + scale * x,
    y: box.y + (box.height - scale * SIDE_PX) / 2 + scale * y,
  };
}

/** Waits until the face of the open picture is chosen and its first point is due. */
export async function waitForMarking(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: new RegExp(`^${name}`) }).waitFor();
  await page.getByText(`Click where “${pointNames[0]}” is`).waitFor();
}

/** How many points of the chosen face are marked. */
export async function expectMarked(page: Page, count: number): Promise<void> {
  const marked = () => page.locator('aside ol li', { hasNotText: 'not marked' }).count();
  await expect.poll(marked).toBe(count);
}

type Places = TeachPicture['places'];

export async function markByMouse(page: Page, places: Places): Promise<void> {
  for (const place of places) {
    const { x, y } = await onPage(page, place);
    await page.mouse.click(x, y);
  }
  await expectMarked(page, places.length);
}

export async function markByTouch(page: Page, places: Places): Promise<void> {
  for (const [i, place] of places.entries()) {
    const { x, y } = await onPage(page, place);
    await page.touchscreen.tap(x, y);
    await expectMarked(page, i + 1);
  }
}

/** Enter puts a point where it is likely, the arrow keys bring it to its place, Tab goes on. */
export async function markByKeys(page: Page, places: Places): Promise<void> {
  await surfaceOf(page).focus();
  const [first, other] = [await onPage(page, [0, 0]), await onPage(page, [100, 0])];
  const scale = (other.x - first.x) / 100;
  for (const [i, [x, y]] of places.entries()) {
    await page.keyboard.press('Enter');
    await expectMarked(page, i + 1);
    const text = await page.locator('aside ol li').nth(i).innerText();
    const [atX, atY] = text
      .match(/(\d+), (\d+)\s*$/)!
      .slice(1)
      .map(Number);
    await pressArrows(page, 'ArrowRight', 'ArrowLeft', (x - atX) * scale);
    await pressArrows(page, 'ArrowDown', 'ArrowUp', (y - atY) * scale);
    await page.keyboard.press('Tab');
  }
}

async function pressArrows(page: Page, forth: string, back: string, byPx: number): Promise<void> {
  const key = byPx > 0 ? forth : back;
  const steps = Math.round(Math.abs(byPx));
  for (let i = 0; i < Math.floor(steps / 10); i++) await page.keyboard.press(`Shift+${key}`);
  for (let i = 0; i < steps % 10; i++) await page.keyboard.press(key);
}

/** Between a press on the screen and the pixel that it marks, at less than 1.4 CSS px for each. */
const MARK_TOLERANCE_PX = 1.5;

export const openTeach = (open: OpenApp, context: BrowserContextOptions = {}): Promise<App> =>
  open({ path: '?sample&backend=wasm&debug#/photos/teach', context: { hasTouch: true, ...context } });
export const goTo = (page: Page, hash: string) => page.goto(page.url().replace(/#.*/, hash));
export const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

/** Names three points and adds pictures to mark them on. */
export async function begin(page: Page, count: number): Promise<readonly TeachPicture[]> {
  await nameThePoints(page, 'Gaze');
  const all = await teachPictures(page, count);
  await page.locator('[data-part=pick-pictures]').setInputFiles(all.map(({ file }) => file));
  await waitForPictures(page, count);
  return all;
}

/** Marks every picture, by mouse, by keys and by touch, and is back at the page of the points. */
export async function markAll(page: Page, all: readonly TeachPicture[]): Promise<void> {
  const marking = [markByMouse, markByMouse, markByKeys, markByTouch, markByTouch];
  await press(page, 'Mark pictures');
  for (const [i, { file, places }] of all.entries()) {
    await waitForMarking(page, file.name);
    await marking[i % marking.length](page, places);
    await expectMarkedAt(page, file.name, places);
    if (i < all.length - 1) await press(page, 'Next picture to mark');
  }
  await press(page, 'All pictures');
}

export async function learn(page: Page, button = 'Learn'): Promise<void> {
  const isLearning = await watchFor(page, '[data-part=lesson][data-state=learning]');
  await press(page, button);
  await isLearning();
  await page.locator('[data-part=lesson][data-state=learned]').waitFor();
}

/** The chosen face is marked at these places. */
export async function expectMarkedAt(page: Page, name: string, places: Places): Promise<void> {
  const rows = await page.locator('aside ol li').allInnerTexts();
  for (const [j, text] of rows.entries()) {
    const [x, y] = text
      .match(/(\d+), (\d+)\s*$/)!
      .slice(1)
      .map(Number);
    expect(Math.hypot(x - places[j][0], y - places[j][1]), `${name}, ${text}`).toBeLessThan(
      MARK_TOLERANCE_PX,
    );
  }
}
