/** The keyboard alone: each page's stops on the way of Tab are seen and named, and the focus is never lost. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { useApp, type App } from './app';
import { addPictures, openPhotos, pictures, sample } from './photos';

const open = useApp();

/** More stops than any page has. */
const maxStops = 120;

interface Stop {
  readonly role: string;
  readonly name: string;
  /** Why a person would not see where the focus is; '' where they do. */
  readonly hidden: string;
}

/** What has the focus, as screen readers and people see it; null where nothing has. */
async function readStop(page: Page): Promise<Stop | null> {
  const session = await page.context().newCDPSession(page);
  try {
    const { result } = await session.send('Runtime.evaluate', { expression: 'document.activeElement' });
    if (result.className === 'HTMLBodyElement') return null;
    const { nodes } = await session.send('Accessibility.getPartialAXTree', {
      objectId: result.objectId,
      fetchRelatives: false,
    });
    const hidden = await page.evaluate(whyHidden);
    return { role: nodes[0].role?.value ?? '', name: nodes[0].name?.value ?? '', hidden };
  } finally {
    await session.detach();
  }
}

/** Runs in the page. */
function whyHidden(): string {
  const element = document.activeElement!;
  // Radio buttons are drawn by the words beside them.
  const drawn = element.matches('input[type=radio]') ? element.nextElementSibling! : element;
  const { outlineStyle, boxShadow } = getComputedStyle(drawn);
  if (outlineStyle === 'none' && boxShadow === 'none') return `no ring: ${drawn.outerHTML}`;
  const [box] = drawn.getClientRects();
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const hit = document.elementFromPoint(x, y);
  const isSeen = hit && (drawn.contains(hit) || hit.contains(drawn));
  return isSeen
    ? ''
    : `behind ${hit?.outerHTML.slice(0, 200) ?? 'the edge'}: ${drawn.outerHTML.slice(0, 200)}`;
}

/** Goes through the page with Tab until it begins anew. */
async function tabThrough(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let i = 0; i < maxStops; i++) {
    await page.keyboard.press('Tab');
    const stop = await readStop(page);
    if (!stop) return stops;
    stops.push(stop);
  }
  throw new Error(`Tab never leaves the page: ${stops.map(({ name }) => name).join(', ')}`);
}

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).first().press('Enter');
/** Text of what has the focus; 'BODY' where it is lost. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'BODY';
    return element.getAttribute('aria-label') ?? element.textContent!.trim();
  });

/** Ready once the page shows it; `stops` are among those of Tab. */
const pages: Record<string, { reach: () => Promise<App>; stops: readonly string[] }> = {
  welcome: { reach: () => open(), stops: ['Live', 'Start the camera', 'Try the sample'] },
  live: {
    reach: async () => {
      const app = await open({ path: '?sample&backend=wasm' });
      await app.waitForState('running');
      await app.page.keyboard.press('Space');
      await app.waitForState('frozen');
      return app;
    },
    stops: [
      'Stop',
      'Resume',
      'Meter',
      'Mirror the picture',
      'Network that finds the points',
      'Face detector',
    ],
  },
  photos: {
    reach: async () => {
      const app = await openPhotos(open);
      await addPictures(app.page, pictures.slice(0, 2));
      return app;
    },
    stops: ['Photos', 'Select', 'Export', 'Camera'],
  },
  picture: {
    reach: async () => {
      const app = await openPhotos(open);
      await addPictures(app.page, [sample]);
      await press(app.page, /astronaut/);
      await app.page.locator('[data-part=viewer]').waitFor();
      return app;
    },
    stops: ['All pictures', 'Picture astronaut.png'],
  },
  models: {
    reach: async () => {
      const app = await open({ path: '#/models' });
      await expect.poll(() => app.page.locator('[data-model]:not(:has(dl))').count()).toBe(0);
      return app;
    },
    stops: ['Files or ZIP', 'What is taken'],
  },
  about: {
    reach: async () => {
      const app = await open({ path: '#/about' });
      await expect.poll(() => app.page.locator('[data-place]:not(:has([data-part=size]))').count()).toBe(0);
      return app;
    },
    stops: ['Empty: Models', 'Empty: Settings'],
  },
};

test.each(Object.entries(pages))('%s: every stop of Tab is named and seen', async (_name, page) => {
  const app = await page.reach();
  const stops = await tabThrough(app.page);
  expect(stops.map(({ name }) => name)).toEqual(expect.arrayContaining([...page.stops]));
  expect(stops.filter(({ name }) => !name)).toEqual([]);
  expect(stops.map(({ hidden }) => hidden).filter(Boolean)).toEqual([]);
  expect(app.errors).toEqual([]);
});

describe('the focus is not lost', () => {
  test('as the live view starts and stops, and when its dialog closes', async () => {
    const { page, waitForState } = await open({ path: '?backend=wasm' });
    await press(page, 'Try the sample');
    await waitForState('running');
    expect(await focused(page)).not.toBe('BODY');
    await press(page, 'Keyboard shortcuts');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Keyboard shortcuts');
    await press(page, 'Keyboard shortcuts');
    await press(page, 'Close');
    await expect.poll(() => focused(page)).toBe('Keyboard shortcuts');
    await press(page, 'Stop');
    await page.getByRole('heading', { name: 'Sixty-eight' }).waitFor();
    expect(await focused(page)).not.toBe('BODY');
  });

  test('and a dialog opened again at once stays open, whenever its last closing is told', async () => {
    const { page } = await open({ path: '?sample&backend=wasm' });
    await press(page, 'Keyboard shortcuts');
    await page.getByRole('dialog').waitFor();
    const staysOpen = await page.evaluate(async () => {
      const dialog = document.querySelector<HTMLDialogElement>('dialog[open]')!;
      const button = [...document.querySelectorAll('button')].find(
        (each) =>
          each.textContent!.includes('Keyboard shortcuts') || each.title.includes('Keyboard shortcuts'),
      )!;
      dialog.dispatchEvent(new Event('cancel'));
      dialog.close(); // tells so in a task of its own
      await Promise.resolve();
      button.click();
      await new Promise((resolve) => setTimeout(resolve, 200));
      return dialog.open;
    });
    expect(staysOpen).toBe(true);
  });

  test('when a link in a page leads to another', async () => {
    const { page, waitForState } = await open({ path: '?sample&backend=wasm' });
    await waitForState('running');
    await page.getByRole('link', { name: 'Compare them' }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    expect(await focused(page)).not.toBe('BODY');
  });

  test('when a recording is removed', async () => {
    const { page, waitForState, waitForResults } = await open({ path: '?sample&backend=wasm' });
    await waitForState('running');
    await press(page, 'Record');
    await waitForResults(5);
    await press(page, 'Stop recording');
    expect(await focused(page)).toBe('Record');
    await press(page, 'Remove');
    expect(await focused(page)).toBe('Remove for good');
    await press(page, 'Remove for good');
    await page.locator('[data-recording]').waitFor({ state: 'detached' });
    expect(await focused(page)).not.toBe('BODY');
  });

  test('when pictures open, close and go', async () => {
    const { page } = await openPhotos(open);
    await addPictures(page, pictures.slice(0, 2));
    await press(page, /astronaut/);
    await page.locator('[data-part=viewer]').waitFor();
    expect(await focused(page)).not.toBe('BODY');
    await press(page, 'All pictures');
    await page.locator('button[data-photo]').first().waitFor();
    expect(await focused(page)).not.toBe('BODY');
    await press(page, 'Export');
    await press(page, 'Close');
    await expect.poll(() => focused(page)).toBe('Export');
    await press(page, 'Select');
    expect(await focused(page)).not.toBe('BODY');
    await press(page, /astronaut/);
    await press(page, 'Remove');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
    await expect.poll(() => page.locator('button[data-photo]').count()).toBe(1);
    expect(await focused(page)).not.toBe('BODY');
  });

  test('when a face goes', async () => {
    const { page } = await openPhotos(open);
    await addPictures(page, [sample]);
    await press(page, /astronaut/);
    await page.locator('[data-part=viewer]').waitFor();
    await page.keyboard.press('f');
    await press(page, 'Delete');
    await page.getByText('No face found').waitFor();
    expect(await focused(page)).not.toBe('BODY');
  });

  test('when a place of storage is emptied', async () => {
    const { page } = await open({ path: '#/about' });
    await press(page, 'Empty: Settings');
    await page.getByRole('dialog').getByRole('button', { name: 'Empty' }).press('Enter');
    await expect.poll(() => focused(page)).toBe('Empty: Settings');
    await page.waitForTimeout(500);
    expect(await focused(page)).toBe('Empty: Settings');
  });
});
