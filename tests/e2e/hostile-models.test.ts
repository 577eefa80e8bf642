/** Models that are not what they seem, dropped as a person would: each is refused by name, or taken, and the app works on. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODEL_LIMITS } from '../../src/engine/model/validate/limits';
import type { ModelFiles } from '../../src/engine/model/model-files';
import { brokenNoses, changed, hostileModels } from '../fixtures/hostile-models';
import { useApp } from './app';
import { cardsOf, createNose, drop, SHARD, writeZip } from './own-model-files';

const open = useApp();
const HOSTILE_RUNS = 10;
const HOSTILE_SEED = 68;

const nose = createNose('my-nose', 'My nose');
const withFile = (name: string, bytes: ArrayBuffer): ModelFiles => new Map(nose).set(name, bytes);
const withoutWeights: ModelFiles = new Map([['model.json', nose.get('model.json')!]]);

/** Files that are wrong, and what is then said. */
const brokenFiles: readonly (readonly [string, ModelFiles, string])[] = [
  ['no model.json', new Map([[SHARD, nose.get(SHARD)!]]), 'There is no model.json among these files.'],
  ['no JSON', withFile('model.json', nose.get(SHARD)!), 'model.json: is not JSON'],
  ['no weights', withoutWeights, `model.json: its weights ${SHARD} are missing`],
  ['weights cut short', withFile(SHARD, nose.get(SHARD)!.slice(0, -1)), `${SHARD} has 145155`],
  [
    'a description beyond the limit',
    withFile('model.json', new ArrayBuffer(MODEL_LIMITS.jsonBytes + 1)),
    'model.json: larger than 4 MB',
  ],
  [
    'weights beyond the limit',
    withFile('more.bin', new ArrayBuffer(MODEL_LIMITS.totalBytes)),
    'hostile.zip: holds more than 64 MB',
  ],
  ...brokenNoses.map(([what, change, named]) => [what, changed(nose, change), named] as const),
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-hostile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cards = (page: Page) => page.locator('article button[aria-label^=Remove]');
const alarm = (page: Page) => page.locator('[data-part=own-models] [role=alert]');

/** Waits for what is said of the files dropped last, and puts it away. */
async function toldOf(page: Page): Promise<string> {
  await alarm(page).waitFor();
  const told = await alarm(page).locator('ul').innerText();
  await alarm(page).getByRole('button', { name: 'Dismiss' }).click();
  return told;
}

test('what is wrong with a model is named, and a good one is taken after all of them', async () => {
  const { page, errors } = await open({ path: '?sample&backend=wasm#/models' });
  await page.locator('[data-part=own-models]').waitFor();
  const refuses = async (what: string, path: string, named: string) => {
    await drop(page, path);
    expect.soft(await toldOf(page), what).toContain(named);
    expect.soft(await cards(page).count(), what).toBe(0);
  };
  for (const [what, files, named] of brokenFiles)
    await refuses(what, await writeZip(folder, 'hostile.zip', files), named);
  const whole = await readFile(await writeZip(folder, 'my-nose.zip', nose));
  const cut = join(folder, 'cut.zip');
  await writeFile(cut, whole.subarray(0, whole.length / 2));
  await refuses('a ZIP cut short', cut, 'cut.zip: cannot be unpacked');

  for (const files of fc.sample(hostileModels([nose]), { seed: HOSTILE_SEED, numRuns: HOSTILE_RUNS })) {
    await drop(page, await writeZip(folder, 'hostile.zip', files));
    await alarm(page).or(cards(page)).first().waitFor();
    if (await alarm(page).isVisible()) expect(await toldOf(page)).toMatch(/^model\.json: ./);
    else await cards(page).click();
    await expect.poll(() => cards(page).count()).toBe(0);
  }

  await drop(page, join(folder, 'my-nose.zip'));
  await cardsOf(page, 'my-nose').getByRole('link', { name: 'Use it live' }).click();
  await page.locator('[data-part=stage][data-state=running][data-model^=my-nose-][data-faces="1"]').waitFor();
  expect(errors).toEqual([]);
});
