/** Where people in photographs are told to look, who mostly look into the camera: the medians should be 0; see `usage`. */
import { parseArgs } from 'node:util';
import type { BackendName } from '../../src/engine/types';
import { fromHere, run } from './arguments';
import { readFolder, spreadOver } from './pts';
import { quantile } from './quantile';
import { glOf, openSite } from './site';
import { formatNumber, formatTable } from './table';
import { readManifest } from './targets';

const MOST_YAW_DEG = 35;
const usage = `usage: npm run ahead -- FOLDER… [--model ID] [--limit N]

  --limit  at most N pictures of each folder with .pts files, evenly over their names. Default 105
Only faces whose head is turned by less than ${MOST_YAW_DEG}° count, and both of whose irises are seen.`;
const BACKEND: BackendName = 'wasm';

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { model: { type: 'string' }, limit: { type: 'string', default: '105' } },
  });
  if (positionals.length === 0) throw new Error(usage);
  const manifest = await readManifest(values.model);
  const looks: { yawDeg: number; pitchDeg: number }[] = [];
  for (const folder of positionals) {
    const samples = spreadOver(
      await readFolder(fromHere(folder), manifest.scheme.pointCount, true),
      Number(values.limit),
    );
    const site = await openSite({ pictures: samples.map(({ picture }) => picture), gl: glOf(BACKEND) });
    try {
      const options = { model: manifest.id, backend: BACKEND, maxFaces: 4, signals: true, gaze: true };
      await site.page.evaluate((asked) => window.bench.open(asked), options);
      for (const i of samples.keys()) {
        const { faces } = await site.page.evaluate((url) => window.bench.detectSignals(url), `pictures/${i}`);
        const { gaze, pose } = faces[0]?.signals ?? {};
        if (gaze?.left && gaze.right && Math.abs(pose!.yawDeg) < MOST_YAW_DEG) looks.push(gaze);
      }
    } finally {
      await site.close();
    }
  }
  const row = (what: string, angles: number[]) => [
    what,
    ...[0.25, 0.5, 0.75].map((q) => formatNumber(quantile(angles, q))),
  ];
  console.log(`${looks.length} faces, quartiles of the gaze of both eyes together, degrees`);
  console.log(
    formatTable([
      ['', '25 %', '50 %', '75 %'],
      row(
        'yaw',
        looks.map(({ yawDeg }) => yawDeg),
      ),
      row(
        'pitch',
        looks.map(({ pitchDeg }) => pitchDeg),
      ),
    ]),
  );
});
