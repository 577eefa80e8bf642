/** The app draws crops as training does, beyond a picture's edge too: networks see what they learned from. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { croppedPicture, goldenPicture, offBy, readGoldenCrops } from '../fixtures/golden-crops';
import { openEngineSite, type EngineSite } from './engine-page/site';

/** Two bilinear samplers, one of them on 8 bits a channel: grey levels. */
const MEAN_OFF = 0.7;
const MOST_OFF = 12;

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite({ 'sample.png': croppedPicture, 'golden.png': goldenPicture });
});
afterAll(() => site?.close());

test('the golden crops, turned, halved and over the edge of the picture', async () => {
  const golden = await readGoldenCrops();
  const [ours, theirs] = await site.page.evaluate(
    async ({ crops, size, rows }) => {
      const { drawCrops } = window.engineLibrary;
      const read = rows.map((row) => drawCrops('golden.png', [row], size, 'black'));
      return [
        await drawCrops('sample.png', crops, size, 'last pixels'),
        (await Promise.all(read)).flat(),
      ] as const;
    },
    {
      ...golden,
      rows: golden.crops.map((_, i) => ({ a: 1 / golden.size, b: 0, c: 0, d: 1 / golden.size, e: 0, f: -i })),
    },
  );
  for (const { name, mean, most } of offBy(ours, theirs, golden)) {
    expect(mean, name).toBeLessThan(MEAN_OFF);
    expect(most, name).toBeLessThan(MOST_OFF);
  }
});

test('for the detector all beyond the picture stays black', async () => {
  const { crops, size } = await readGoldenCrops();
  const drawn = await site.page.evaluate(
    ({ crop, size }) => window.engineLibrary.drawCrops('sample.png', [crop], size, 'black'),
    { crop: crops[3], size },
  );
  expect(drawn[0]).toBe(0);
});
