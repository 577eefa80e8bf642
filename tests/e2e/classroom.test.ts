/** The shipped models of other schemes than the 68 points, live and on a picture, held to the standard model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { MienDebug } from '../../src/app/debug';
import { useApp, type App } from './app';
import { root } from './browser';
import { openPicture, sample } from './photos';

const open = useApp();

/** Mean distance of the points that two models share, in distances of the outer eye corners: loose, as these networks are. */
const NEAR = 0.25;

/** Points that a scheme shares with the 68, as pairs of indices: there, and here. */
const SHARED: Record<string, readonly (readonly [number, number])[]> = {
  'nose-tip': [[30, 0]],
  imm73: [
    [30, 45], // nose tip
    [36, 16], // outer eye corners
    [45, 24],
    [48, 46], // mouth corners
    [54, 52],
    [8, 67], // chin
  ],
  ibug68: Array.from({ length: 68 }, (_, i) => [i, i] as const),
};

interface Manifest {
  readonly scheme: { readonly id: string; readonly pointCount: number };
}
const models = join(root, 'static/models');
const { models: registry } = JSON.parse(readFileSync(join(models, 'registry.json'), 'utf8')) as {
  models: { id: string; path: string; classroom?: boolean }[];
};
const classroom = registry
  .filter((entry) => entry.classroom)
  .map(({ id, path }) => {
    const file = JSON.parse(readFileSync(join(models, path), 'utf8')) as {
      userDefinedMetadata: { mien: Manifest };
    };
    return { id, ...file.userDefinedMetadata.mien };
  });

const newestPoints = (page: Page) =>
  page.evaluate(() => {
    const { mien } = window as unknown as { mien: MienDebug };
    return Array.from(mien.results.at(-1)?.faces[0]?.points ?? []);
  });

function distance(reference: number[], points: number[], scheme: string): number {
  const between = (a: number[], i: number, b: number[], j: number) =>
    Math.hypot(a[2 * i] - b[2 * j], a[2 * i + 1] - b[2 * j + 1]);
  const apart = SHARED[scheme].map(([there, here]) => between(reference, there, points, here));
  return apart.reduce((sum, px) => sum + px) / apart.length / between(reference, 36, reference, 45);
}

async function changeTo({ page, waitForResults }: App, id: string): Promise<void> {
  await page.getByLabel('Network that finds the points').selectOption(id);
  await page.locator(`[data-part=stage][data-state=running][data-model=${id}]`).waitFor();
  await waitForResults(2);
}

test('every scheme that ships is among them', () => {
  expect(new Set(classroom.map(({ scheme }) => scheme.id))).toEqual(new Set(Object.keys(SHARED)));
});

describe.each(classroom)('$id', ({ id, scheme }) => {
  test('follows a face live: its points lie where the standard model has them', async () => {
    const app = await open({
      path: '?sample&backend=wasm&debug',
      context: { reducedMotion: 'reduce' }, // the sample holds still
    });
    await app.waitForState('running');
    await app.waitForResults(2);
    const reference = await newestPoints(app.page);
    expect(reference).toHaveLength(2 * 68);
    await changeTo(app, id);
    const points = await newestPoints(app.page);
    expect(points).toHaveLength(2 * scheme.pointCount);
    expect(distance(reference, points, scheme.id)).toBeLessThan(NEAR);
    expect(app.errors).toEqual([]);
  });

  test('reads a picture', async () => {
    const { page, errors } = await openPicture(open, sample, {
      path: `?backend=wasm&model=${id}#/photos`,
    });
    await page.locator('[data-part=viewer][data-faces="1"]').waitFor();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(scheme.pointCount);
    expect(errors).toEqual([]);
  });
});
