/** Viewing pictures: the grid, the viewer with zoom and pan for every kind of pointer, what is drawn over a face. */
import { describe, expect, test } from 'vitest';
import { useApp } from './app';
import { waitUntilStill } from './passing';
import { addPictures, onScreen, openPhotos, openPicture, pictures, type OpenedPicture } from './photos';

const open = useApp();

const sampleSize = { width: 512, height: 512 };
const zoomOf = async ({ page }: OpenedPicture) =>
  Number(await page.locator('[data-part=viewer]').getAttribute('data-zoom'));

const canvasOf = ({ page }: OpenedPicture) =>
  page.locator('[data-part=photo-stage] canvas').evaluate((one: HTMLCanvasElement) => one.toDataURL());

/** Colours of the canvas around a place of the page, CSS px, as rows of [r, g, b]. */
async function coloursAt({ page }: OpenedPicture, place: { x: number; y: number }, reachPx: number) {
  return page.evaluate(
    ({ place, reachPx }) => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-part=photo-stage] canvas')!;
      const { left, top, width } = canvas.getBoundingClientRect();
      const ratio = canvas.width / width;
      const side = Math.round(2 * reachPx * ratio);
      const { data } = canvas
        .getContext('2d')!
        .getImageData((place.x - left - reachPx) * ratio, (place.y - top - reachPx) * ratio, side, side);
      return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 3)]);
    },
    { place, reachPx },
  );
}

const isNear = (colour: number[], [r, g, b]: readonly [number, number, number]) =>
  Math.hypot(colour[0] - r, colour[1] - g, colour[2] - b) < 30;
/** Whether the first face's colour is at a place of the page, CSS px. */
const isDrawnAt = async (viewer: OpenedPicture, place: { x: number; y: number }) =>
  (await coloursAt(viewer, place, 3)).some((colour) => isNear(colour, faceColour));
/** Grey levels of 255 by which a moved picture, sampled anew, rounds otherwise. */
const LEVEL_TOLERANCE = 1;

/** Of the first face. */
const faceColour = [0x7f, 0xe3, 0xd0] as const;

describe('the grid', () => {
  test('shows every picture with its faces, and the arrows go from one to the next', async () => {
    const app = await openPhotos(open);
    const { page } = app;
    await addPictures(page, pictures);
    await page.getByText(new RegExp(`^${pictures.length} pictures?, \\d+ faces?$`)).waitFor();
    expect(await page.getByText(/^No face$/).count()).toBe(0);
    const cards = page.locator('button[data-photo]');
    await cards.first().focus();
    await page.keyboard.press('End');
    expect(await cards.last().evaluate((card) => card === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByText(`${pictures.length - 1} of ${pictures.length}`).waitFor();
    // Back from the picture, Tab comes to it again.
    await page.goBack();
    await cards.first().waitFor();
    expect(await cards.nth(pictures.length - 2).getAttribute('tabindex')).toBe('0');
    expect(app.errors).toEqual([]);
  });

  test('pictures are selected and removed, once the person has confirmed', async () => {
    const { page } = await openPhotos(open);
    await addPictures(page, pictures.slice(0, 2));
    await page.getByRole('button', { name: 'Select' }).click();
    await page.locator('button[data-photo]').first().click();
    await page.getByText('1 of 2 pictures selected').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page
      .getByRole('dialog', { name: 'Remove 1 picture?' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('1 picture, 1 face').waitFor();
  });
});

describe('the viewer', () => {
  test('draws the points where the table says they are', async () => {
    const viewer = await openPicture(open);
    // Points that stand apart: where they crowd, one's ring lies over the other.
    for (const number of [1, 5, 9, 13, 17, 20, 25, 28, 31]) {
      const place = await onScreen(viewer, await viewer.pointOf(number), sampleSize);
      await expect.poll(() => isDrawnAt(viewer, place), { message: `point ${number}` }).toBe(true);
    }
    expect(viewer.errors).toEqual([]);
  });

  test('zooms with the wheel about the pointer, and pans by dragging', async () => {
    const viewer = await openPicture(open);
    const { page } = viewer;
    const whole = await zoomOf(viewer);
    const chin = await onScreen(viewer, await viewer.pointOf(9), sampleSize);
    await page.mouse.move(chin.x, chin.y);
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -100);
    await expect.poll(() => zoomOf(viewer)).toBeGreaterThan(3.5 * whole);
    await waitUntilStill(() => canvasOf(viewer));
    // The point under the pointer stayed there.
    await expect.poll(() => isDrawnAt(viewer, chin)).toBe(true);
    const at = { x: chin.x + 60, y: chin.y + 60 };
    const before = await coloursAt(viewer, at, 10);
    await page.mouse.move(at.x + 120, at.y + 30);
    await page.mouse.down();
    await page.mouse.move(at.x + 160, at.y + 40, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => coloursAt(viewer, at, 10)).not.toEqual(before);
    const mostOff = async () => {
      const after = await coloursAt(viewer, { x: at.x + 40, y: at.y + 10 }, 10);
      return Math.max(...after.flat().map((level, i) => Math.abs(level - before.flat()[i])));
    };
    await expect.poll(mostOff).toBeLessThanOrEqual(LEVEL_TOLERANCE);
    await page.keyboard.press('0');
    expect(await zoomOf(viewer)).toBe(whole);
  });

  test('keys zoom, pan, and turn to the next and the previous picture', async () => {
    const app = await openPhotos(open);
    const { page } = app;
    await addPictures(page, pictures.slice(0, 2));
    await page.locator('button[data-photo]').first().click();
    const zoom = async () => Number(await page.locator('[data-part=viewer]').getAttribute('data-zoom'));
    await page.getByText('1 of 2').waitFor();
    const whole = await zoom();
    await page.keyboard.press('+');
    expect(await zoom()).toBeGreaterThan(whole);
    await page.keyboard.press('-');
    expect(await zoom()).toBe(whole);
    await page.keyboard.press('z');
    expect(await zoom()).toBeGreaterThan(whole);
    await page.keyboard.press('PageDown');
    await page.getByText('2 of 2').waitFor();
    await page.keyboard.press('PageDown');
    await page.getByText('1 of 2').waitFor();
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('2 of 2').waitFor();
    // Turning pages leaves no trail: the way back is to the grid.
    await page.goBack();
    await page.getByRole('list', { name: 'Pictures' }).waitFor();
    expect(app.errors).toEqual([]);
  });

  test('two fingers pinch, one drags a point that it need not hit exactly', async () => {
    const viewer = await openPicture(open, undefined, { context: { hasTouch: true } });
    const { page } = viewer;
    const whole = await zoomOf(viewer);
    const touch = await page.context().newCDPSession(page);
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints });
    const before = await viewer.pointOf(9);
    const chin = await onScreen(viewer, before, sampleSize);
    await send('touchStart', [{ x: chin.x, y: chin.y + 15 }]);
    await send('touchMove', [{ x: chin.x + 20, y: chin.y + 40 }]);
    await send('touchMove', [{ x: chin.x + 40, y: chin.y + 75 }]);
    await send('touchEnd', []);
    expect((await viewer.pointOf(9)).y).toBeGreaterThan(before.y + 20);
    expect(await viewer.movedCount()).toBe(1);
    const moved = await viewer.pointOf(9);
    // A second finger makes a pinch of it, and what the first had dragged by then goes back.
    const at = await onScreen(viewer, moved, sampleSize);
    await send('touchStart', [at]);
    await send('touchMove', [{ x: at.x - 20, y: at.y }]);
    await send('touchStart', [
      { x: at.x - 20, y: at.y },
      { x: at.x + 20, y: at.y },
    ]);
    await send('touchMove', [
      { x: at.x - 80, y: at.y },
      { x: at.x + 80, y: at.y },
    ]);
    await send('touchEnd', []);
    await expect.poll(() => zoomOf(viewer)).toBeGreaterThan(3 * whole);
    expect(await viewer.pointOf(9)).toEqual(moved);
    expect(viewer.errors).toEqual([]);
  });

  test('overlay, numbers and uncertainty change what is drawn', async () => {
    const viewer = await openPicture(open);
    const { page } = viewer;
    await waitUntilStill(() => canvasOf(viewer));
    const seen = new Set([await canvasOf(viewer)]);
    for (const key of ['1', '3', 'n', 'u', 'u']) {
      await page.keyboard.press(key);
      // Drawn in a frame to come.
      const isNew = async () => seen.size < seen.add(await canvasOf(viewer)).size;
      await expect.poll(isNew, { message: `key ${key}` }).toBe(true);
    }
    await page.getByRole('tab', { name: 'Display' }).click();
    expect(await page.getByRole('radio', { name: 'Colour' }).isChecked()).toBe(true);
  });

  test('sharp on a screen of two device pixels for one', async () => {
    const { page } = await openPicture(open, undefined, { context: { deviceScaleFactor: 2 } });
    const ratio = await page
      .locator('[data-part=photo-stage] canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width / canvas.clientWidth);
    expect(ratio).toBeCloseTo(2, 1);
  });
});
