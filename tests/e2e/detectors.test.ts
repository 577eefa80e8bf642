/** The face detectors: the engine runs with each, refuses others by name, and the app lets a person choose. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { DETECTOR_NAMES } from '../../src/engine/options';
import type { MienDebug } from '../../src/app/debug';
import { useApp } from './app';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

/** How far two detectors' crops may move the network's points, share of the face's height. */
const SAME_FACE_TOLERANCE = 0.05;

describe('the engine', () => {
  let site: EngineSite;
  beforeAll(async () => {
    site = await openEngineSite({ 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') });
  });
  afterAll(() => site?.close());

  it('finds the same face with each detector, and tells which it has', async () => {
    const found = await site.page.evaluate(async (names) => {
      const { fetchPicture, withEngine } = window.engineLibrary;
      const picture = await fetchPicture('astronaut.png');
      const all = [];
      for (const detector of [undefined, ...names])
        all.push(
          await withEngine({ backend: 'wasm', detector }, async (engine) => {
            const { faces } = await engine.detect(picture);
            return { told: engine.info.detector, faces: faces.map(({ points }) => [...points]) };
          }),
        );
      return all;
    }, DETECTOR_NAMES);
    expect(found.map(({ told }) => told)).toEqual([DETECTOR_NAMES[0], ...DETECTOR_NAMES]);
    const [{ faces: first }] = found;
    const ys = first[0].filter((_, i) => i % 2);
    const heightPx = Math.max(...ys) - Math.min(...ys);
    // The one trained on may see more.
    const isSame = (points: readonly number[]) =>
      points.every((value, i) => Math.abs(value - first[0][i]) < SAME_FACE_TOLERANCE * heightPx);
    expect(first).toHaveLength(1);
    for (const { faces } of found) expect(faces.filter(isSame)).toHaveLength(1);
  });

  it('fetches the files of the one that was asked for alone', async () => {
    const asked: string[] = [];
    const note = (request: { url(): string }) => asked.push(new URL(request.url()).pathname);
    site.page.context().on('request', note);
    await site.page.evaluate(async (detector) => {
      const { withEngine } = window.engineLibrary;
      await withEngine({ backend: 'wasm', thread: 'page', detector }, async () => undefined);
    }, DETECTOR_NAMES[1]);
    site.page.context().off('request', note);
    const folders = new Set(asked.flatMap((path) => /models\/(blazeface[^/]*)\//.exec(path)?.[1] ?? []));
    expect([...folders]).toEqual([DETECTOR_NAMES[1]]);
  });

  it('refuses a detector that there is not, by name', async () => {
    const failure = await site.page.evaluate(() => {
      const { createEngine, failureOf } = window.engineLibrary;
      return failureOf(() => createEngine({ detector: 'ssd' as never }));
    });
    expect(failure).toMatchObject({
      code: 'bad-option',
      message: `option detector: must be ${DETECTOR_NAMES.join(', ')}, is "ssd"`,
    });
  });
});

describe('the app', () => {
  const open = useApp();
  const select = (page: Page) => page.getByLabel('Face detector');
  const detectorOf = (page: Page) =>
    page.evaluate(() => (window as unknown as { mien: MienDebug }).mien.info?.detector);

  test('changes the detector while the view runs, and keeps the choice', async () => {
    const { page, waitForState, waitForResults, errors } = await open({ path: '?sample&backend=wasm&debug' });
    await waitForState('running');
    await waitForResults(2);
    const [first, other] = DETECTOR_NAMES;
    expect(await select(page).inputValue()).toBe(first);
    expect(await detectorOf(page)).toBe(first);
    await select(page).selectOption(other);
    await expect.poll(() => detectorOf(page), { timeout: 30_000 }).toBe(other);
    await waitForState('running');
    await page.locator('[data-part=stage][data-faces="1"]').waitFor();

    await page.reload();
    await waitForState('running');
    await waitForResults(2);
    expect(await select(page).inputValue()).toBe(other);
    expect(await detectorOf(page)).toBe(other);
    expect(errors).toEqual([]);
  });
});
