/**
 * Fits the map from MediaPipe's mesh to 68 points on pictures that nothing is measured on, and writes tests/bench/peer-map.json.
 *   npm run peer-map -- FOLDER… [--limit N]
 */
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { overlap } from '../../src/engine/geometry';
import { root } from '../e2e/browser';
import { fromHere, run } from './arguments';
import { boxOfPartial } from './face-error';
import { fitPeerMap, MESH_OF_IBUG, toIbug, type MapPair } from './peer-map';
import { readFolder, spreadOver, type Sample } from './pts';
import { openSite } from './site';

const POINTS = 68;
/** Faces that share less than this with the true box are others, or were badly placed. */
const SAME_FACE = 0.5;
const plainMap = { sources: MESH_OF_IBUG.map((k) => [k]), weights: MESH_OF_IBUG.map(() => [1]) };

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { limit: { type: 'string', default: '400' } },
  });
  if (positionals.length === 0) throw new Error('usage: npm run peer-map -- FOLDER… [--limit N]');
  const samples: Sample[] = [];
  for (const folder of positionals)
    samples.push(...spreadOver(await readFolder(fromHere(folder), POINTS), Number(values.limit)));
  const site = await openSite({ pictures: samples.map(({ picture }) => picture), gl: 'software' });
  try {
    const pairs: MapPair[] = [];
    for (const [i, { points }] of samples.entries()) {
      const { faces } = await site.page.evaluate((url) => window.bench.findByPeer(url), `pictures/${i}`);
      const truth = boxOfPartial(points);
      const mesh = faces.find((face) => overlap(boxOfPartial(toIbug(face, plainMap)), truth) > SAME_FACE);
      if (mesh) pairs.push({ mesh, truth: points });
    }
    const map = fitPeerMap(pairs);
    const rounded = {
      ...map,
      weights: map.weights.map((row) => row.map((weight) => Number(weight.toFixed(4)))),
    };
    const made = `${positionals.map((folder) => folder.split('/').slice(-3).join('/')).join(', ')}: ${pairs.length} of ${samples.length} pictures`;
    await writeFile(
      join(root, 'tests', 'bench', 'peer-map.json'),
      JSON.stringify({ made, ...rounded }) + '\n',
    );
    console.log(`fitted on ${made}`);
  } finally {
    await site.close();
  }
});
