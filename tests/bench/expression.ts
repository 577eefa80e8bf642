/** What the shipped engine makes of the faces that were labelled by eye, in headless Chromium; see `usage`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../src/engine/types';
import { fromHere, run } from './arguments';
import { findLabelled, readLabels } from './labels';
import type { PictureWithSignals } from './page/labelled';
import { glOf, openSite, writeJson } from './site';
import { readManifest } from './targets';

const usage = `usage: npm run expression -- DATA --out FILE [--model ID] [--gaze] [--backend wasm|webgl|webgpu|cpu]

  DATA    the folder of the sets that training/mien/signals/labels.csv names
  --gaze  with the eye network, which also reads how far eyes are open
  --out   { model, faces }: for each labelled face its picture, place, points and signals as \`detect\` has them; points
          and signals are null where it was not found. python -m mien.signals.faces FILE tells how well they are told apart`;

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      model: { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      gaze: { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1 || !values.out) throw new Error(usage);
  const data = fromHere(positionals[0]);
  const manifest = await readManifest(values.model);
  const backend = values.backend as BackendName;
  const labelled = await readLabels();
  const pictures = [...new Set(labelled.map(({ picture }) => picture))];
  const site = await openSite({ pictures: pictures.map((name) => join(data, name)), gl: glOf(backend) });
  try {
    const options = { model: manifest.id, backend, maxFaces: 8, signals: true, gaze: values.gaze };
    await site.page.evaluate((asked) => window.bench.open(asked), options);
    const told = new Map<string, PictureWithSignals>();
    for (const [i, picture] of pictures.entries()) {
      told.set(picture, await site.page.evaluate((url) => window.bench.detectSignals(url), `pictures/${i}`));
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${pictures.length}`);
    }
    const faces = labelled.map((label) => {
      const { width, height, faces } = told.get(label.picture)!;
      const { points = null, signals = null } = findLabelled(faces, label) ?? {};
      return { ...label, width, height, points, signals };
    });
    await writeJson(fromHere(values.out), { model: manifest.id, faces });
    const found = faces.filter(({ signals }) => signals).length;
    console.log(`${manifest.id} on ${backend}: ${found} of ${faces.length} faces found → ${values.out}`);
  } finally {
    await site.close();
  }
});
