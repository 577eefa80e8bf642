/** Correcting landmarks in the viewer, by mouse, by touch and by keys alone. */
import { describe, expect, test } from 'vitest';
import { useApp } from './app';
import { onScreen, openPicture, type OpenedPicture } from './photos';

const open = useApp();

const sampleSize = { width: 512, height: 512 };
/** The table shows tenths of a px. */
const shownPx = 0.06;
/** How far a drag may miss: the mouse moves by whole CSS px, which are less than a px of the sample. */
const dragPx = 1;

async function drag({ page }: OpenedPicture, from: { x: number; y: number }, by: { x: number; y: number }) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + by.x / 2, from.y + by.y / 2, { steps: 3 });
  await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 3 });
  await page.mouse.up();
}

describe('by mouse', () => {
  test('a point is dragged, and undo and redo step between', async () => {
    const viewer = await openPicture(open);
    const before = await viewer.pointOf(9);
    const from = await onScreen(viewer, before, sampleSize);
    const perPx = (await onScreen(viewer, { x: before.x + 1, y: before.y }, sampleSize)).x - from.x;
    await drag(viewer, from, { x: 30, y: -20 });
    const after = await viewer.pointOf(9);
    expect(Math.abs(after.x - before.x - 30 / perPx)).toBeLessThan(dragPx);
    expect(Math.abs(after.y - before.y + 20 / perPx)).toBeLessThan(dragPx);
    expect(await viewer.movedCount()).toBe(1);
    await viewer.page.keyboard.press('Control+z');
    expect(await viewer.pointOf(9)).toEqual(before);
    await viewer.page.keyboard.press('Control+Shift+Z');
    expect(await viewer.pointOf(9)).toEqual(after);
    expect(viewer.errors).toEqual([]);
  });

  test('a press up to 12 px beside a point still takes it', async () => {
    const viewer = await openPicture(open);
    const before = await viewer.pointOf(9);
    const from = await onScreen(viewer, before, sampleSize);
    // Below the chin, away from every other point.
    await drag(viewer, { x: from.x, y: from.y + 11 }, { x: 0, y: 40 });
    expect((await viewer.pointOf(9)).y).toBeGreaterThan(before.y + 20);
    expect(await viewer.movedCount()).toBe(1);
  });

  test('a group chosen beside the picture moves as one', async () => {
    const viewer = await openPicture(open);
    const { page } = viewer;
    const before = [await viewer.pointOf(37), await viewer.pointOf(46), await viewer.pointOf(9)];
    await page.getByRole('tab', { name: 'Faces' }).click();
    await page.getByRole('button', { name: 'eyes' }).click();
    await page.getByRole('tab', { name: 'Points' }).click();
    await drag(viewer, await onScreen(viewer, before[0], sampleSize), { x: 25, y: 15 });
    const after = [await viewer.pointOf(37), await viewer.pointOf(46), await viewer.pointOf(9)];
    const shift = { x: after[0].x - before[0].x, y: after[0].y - before[0].y };
    expect(shift.x).toBeGreaterThan(5);
    expect(Math.abs(after[1].x - before[1].x - shift.x)).toBeLessThan(2 * shownPx);
    expect(Math.abs(after[1].y - before[1].y - shift.y)).toBeLessThan(2 * shownPx);
    expect(after[2]).toEqual(before[2]);
    expect(await viewer.movedCount()).toBe(12);
    await page.keyboard.press('Control+z');
    expect(await viewer.movedCount()).toBe(0);
  });

  test('a face is deleted, brought back, and reset to what was found', async () => {
    const viewer = await openPicture(open);
    const { page } = viewer;
    const before = await viewer.pointOf(9);
    await drag(viewer, await onScreen(viewer, before, sampleSize), { x: 30, y: 20 });
    await page.keyboard.press('Delete');
    await page.locator('[data-part=viewer][data-faces="0"]').waitFor();
    await page.keyboard.press('Control+z');
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    await page.keyboard.press('f');
    expect(await viewer.movedCount()).toBe(1);
    await page.getByRole('tab', { name: 'Faces' }).click();
    await page.getByRole('button', { name: 'Reset 1 point' }).click();
    await page.getByRole('tab', { name: 'Points' }).click();
    expect(await viewer.pointOf(9)).toEqual(before);
  });

  test('a missed face is found in a box drawn by hand', async () => {
    const viewer = await openPicture(open);
    const { page } = viewer;
    const chin = await viewer.pointOf(9);
    const [left, right, brow] = [await viewer.pointOf(1), await viewer.pointOf(17), await viewer.pointOf(20)];
    await page.keyboard.press('Delete');
    await page.getByRole('tab', { name: 'Faces' }).click();
    await page.getByRole('button', { name: 'Add a missed face' }).click();
    const from = await onScreen(viewer, { x: left.x, y: brow.y }, sampleSize);
    const to = await onScreen(viewer, { x: right.x, y: chin.y }, sampleSize);
    await drag(viewer, from, { x: to.x - from.x, y: to.y - from.y });
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    await page.getByRole('tab', { name: 'Points' }).click();
    const found = await viewer.pointOf(9);
    // The sample's face is about 100 px wide.
    expect(Math.hypot(found.x - chin.x, found.y - chin.y)).toBeLessThan(10);
  });
});

describe('by keys', () => {
  test('points are chosen with Tab and moved with arrows; Escape lets go and leaves', async () => {
    const viewer = await openPicture(open);
    const { page, surface } = viewer;
    await surface.focus();
    const before = [await viewer.pointOf(1), await viewer.pointOf(2)];
    await page.keyboard.press('Enter');
    await page.getByText(/^Point 1, jaw 1: x/).waitFor({ state: 'attached' });
    await page.keyboard.press('Tab');
    await page.getByText(/^Point 2, jaw 2: x/).waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    const after = await viewer.pointOf(2);
    expect(after.x).toBeGreaterThan(before[1].x);
    expect(after.y - before[1].y).toBeGreaterThan(5 * (after.x - before[1].x));
    expect(await viewer.pointOf(1)).toEqual(before[0]);
    // Two presses were two gestures.
    await page.keyboard.press('Control+z');
    expect((await viewer.pointOf(2)).y).toBe(before[1].y);
    await page.keyboard.press('Shift+Tab');
    await page.getByText(/^Point 1, jaw 1: x/).waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await surface.evaluate((element) => element === document.activeElement)).toBe(false);
  });

  test('an arrow that is held is one step of undo', async () => {
    const viewer = await openPicture(open);
    const { page, surface } = viewer;
    await surface.focus();
    const before = await viewer.pointOf(1);
    await page.keyboard.press('Enter');
    for (let i = 0; i < 8; i++) await page.keyboard.down('ArrowLeft');
    await page.keyboard.up('ArrowLeft');
    expect((await viewer.pointOf(1)).x).toBeLessThan(before.x - 3);
    await page.keyboard.press('Control+z');
    expect(await viewer.pointOf(1)).toEqual(before);
  });

  test('the part of a point moves together, and so does the whole face', async () => {
    const viewer = await openPicture(open);
    const { page, surface } = viewer;
    await surface.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('g');
    await page.keyboard.press('ArrowUp');
    expect(await viewer.movedCount()).toBe(17);
    await page.keyboard.press('a');
    await page.keyboard.press('ArrowUp');
    expect(await viewer.movedCount()).toBe(68);
    await page.keyboard.press('r');
    expect(await viewer.movedCount()).toBe(0);
  });

  test('a box is placed and sized, and a face detected in it', async () => {
    const viewer = await openPicture(open);
    const { page, surface } = viewer;
    const chin = await viewer.pointOf(9);
    await page.keyboard.press('z');
    await page.keyboard.press('Delete');
    await page.locator('[data-part=viewer][data-faces="0"]').waitFor();
    // The focus is on a tab; it goes to where the arrows place the box.
    await page.keyboard.press('b');
    expect(await surface.evaluate((element) => element === document.activeElement)).toBe(true);
    // Half as large as the view and in its middle, where the face is; the face is a little larger.
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowUp');
    }
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Shift+ArrowDown');
    }
    await page.keyboard.press('Enter');
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    const found = await viewer.pointOf(9);
    expect(Math.hypot(found.x - chin.x, found.y - chin.y)).toBeLessThan(10);
    expect(viewer.errors).toEqual([]);
  });

  test('Escape lets go step by step, wherever the focus is, and then closes the picture', async () => {
    const { page } = await openPicture(open);
    await page.keyboard.press('b');
    await page.getByText('Draw a box from the brows to the chin').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Draw a box from the brows to the chin').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.getByText('Choose a face to see its points.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('list', { name: 'Pictures' }).waitFor();
    expect(page.url()).toMatch(/#\/photos$/);
  });
});
