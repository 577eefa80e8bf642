/** A head that turns to its profile and back is one face throughout. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSite, type Site } from '../bench/site';
import { TURNING_HEAD } from '../fixtures/turning-head';
import { root } from './browser';

let site: Site;
beforeAll(async () => {
  site = await openSite({ pictures: [join(root, 'tests/fixtures/pictures', TURNING_HEAD.file)] });
});
afterAll(() => site?.close());

it.each([1, 2])(
  'is tracked through every frame, under one id, where up to %d faces are',
  async (maxFaces) => {
    await site.page.evaluate((asked) => window.bench.open(asked), {
      model: 'lite',
      backend: 'wasm' as const,
      maxFaces,
    });
    const seen = await site.page.evaluate(() => window.bench.trackHead('pictures/0'));
    const [{ ids: first }] = seen;
    expect(first).toHaveLength(1);
    for (const { yawDeg, ids } of seen) expect(ids, `at ${yawDeg.toFixed()}° of yaw`).toEqual(first);
  },
);
