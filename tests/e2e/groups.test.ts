/** Detection in pictures of many faces: composed ones, whose faces are known exactly, through the engine as it ships. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Points } from '../../src/engine/types';
import type { GroupSeen } from '../bench/page/group';
import { readFolder } from '../bench/pts';
import { quantile } from '../bench/quantile';
import { openSite, type Site } from '../bench/site';
import { planBorder, planEmpty, planGroups, type Group } from '../fixtures/group';
import { matchGroup } from '../fixtures/match-faces';
import { root } from './browser';

/** Of all faces 40 to 120 px wide in groups, and of all that were found there. */
const FOUND_SHARE = 0.95;
const FALSE_SHARE = 0.01;
/** Of faces of which the border hides a quarter. */
const CUT_FOUND_SHARE = 0.9;
const FEW = 16;
/** Five groups on a busy machine. */
const GROUPS_MS = 400_000;
/** A search of a large picture, 10 s long, is broken off so soon after its beginning, and may go on for so long. */
const BEGUN_MS = 500;
const BROKEN_OFF_MS = 3000;

interface Look {
  readonly found: readonly GroupSeen['faces'][number][];
  readonly wrong: readonly GroupSeen['faces'][number][];
  /** Faces there are. */
  readonly all: number;
}

/** Of the training part, on which thresholds may be chosen: the networks know these faces. */
const faces = join(root, '../shared/data/300w/helen/trainset');
const media = join(root, '../shared/media');
const absent = [faces, media].filter((folder) => !existsSync(folder));
if (absent.length > 0)
  console.warn(`Tests of group pictures are skipped: there is no ${absent.join(' and no ')}.`);

describe.skipIf(absent.length > 0)('faces are found', () => {
  let site: Site;
  let portraits: Points<'image'>[];
  let groups: Group[];
  let few: number[];
  const stills: string[] = [];

  beforeAll(async () => {
    const samples = await readFolder(faces, 68);
    portraits = samples.map(({ points }) => Float32Array.from(points));
    groups = planGroups(portraits, 1);
    few = portraits.map((_, i) => i).slice(0, FEW);
    stills.push(...readdirSync(media).filter((name) => /\.(jpg|png)$/.test(name)));
    const pictures = [...samples.map(({ picture }) => picture), ...stills.map((name) => join(media, name))];
    site = await openSite({ pictures });
    const info = await site.page.evaluate(() => window.bench.open({ backend: 'wasm', maxFaces: 8 }));
    expect(info).toMatchObject({ backend: 'wasm', thread: 'worker' });
  });
  afterAll(() => site?.close());

  async function look(group: Group, turns = 0): Promise<Look> {
    const { faces, leaked } = await site.page.evaluate(
      ([plan, quarters]) => window.bench.detectGroup(plan, quarters),
      [group, turns] as const,
    );
    expect(leaked).toBe(0);
    const { found, wrong } = matchGroup(group, faces);
    return { found: found.filter((face) => face !== null), wrong, all: group.faces.length };
  }

  it(
    `in groups of 20 to 60, ${100 * FOUND_SHARE} % of them and at most ${100 * FALSE_SHARE} % false`,
    async () => {
      const looks: Look[] = [];
      for (const group of groups.slice(0, 5)) looks.push(await look(group));
      const sum = (of: (one: Look) => number) => looks.reduce((total, one) => total + of(one), 0);
      const [all, found, wrong] = [
        sum((one) => one.all),
        sum((one) => one.found.length),
        sum((one) => one.wrong.length),
      ];
      expect(all).toBeGreaterThan(150);
      expect(found / all).toBeGreaterThanOrEqual(FOUND_SHARE);
      expect(wrong / (found + wrong)).toBeLessThanOrEqual(FALSE_SHARE);
    },
    GROUPS_MS,
  );

  it.each([1, 2, 3])('in a group turned by %d quarters', async (turns) => {
    const { found, wrong, all } = await look(groups[0], turns);
    expect(found.length / all).toBeGreaterThanOrEqual(FOUND_SHARE);
    expect(wrong).toEqual([]);
  });

  it('where the border hides a quarter of each, with lower scores than whole ones', async () => {
    const border = await look(planBorder(portraits, few, 0.25));
    expect(border.found.length / border.all).toBeGreaterThanOrEqual(CUT_FOUND_SHARE);
    const whole = await look(planBorder(portraits, few, -0.4));
    expect(whole.found).toHaveLength(FEW);
    const median = ({ found }: Look) =>
      quantile(
        found.map(({ score }) => score),
        0.5,
      );
    expect(median(border)).toBeLessThan(median(whole) - 0.05);
  });

  it('nowhere in pictures that show none', async () => {
    for (const group of planEmpty(portraits, few, 1)) {
      const { wrong } = await look(group);
      expect(wrong, group.backdrop.kind).toEqual([]);
    }
  });

  it('once in each portrait of one person', async () => {
    for (const [i, name] of stills.entries()) {
      const { faces: seen } = await site.page.evaluate(
        (url) => window.bench.evaluatePicture(url, null),
        `pictures/${portraits.length + i}`,
      );
      expect(seen, name).toHaveLength(1);
    }
  });

  it('until the caller thinks better of it, which leaves nothing behind', async () => {
    const [large] = groups.filter(({ layout }) => layout === 'large');
    const { error, ms, leaked } = await site.page.evaluate(
      ([plan, afterMs]) => window.bench.breakOff(plan, afterMs),
      [large, BEGUN_MS] as const,
    );
    expect(error).toBe('AbortError');
    expect(ms).toBeLessThan(BROKEN_OFF_MS);
    expect(leaked).toBe(0);
  });
});
