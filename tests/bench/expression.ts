/** What the shipped engine makes of the faces that were labelled by eye, in headless Chromium; see `usage`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendName } from '../../src/engine/types';
import { fromHere, run } from './arguments';
import { findLabelled, type LabelledFace } from './labelled-face';
import { readLabels, readRestLabels, type PairedFace } from './labels';
import type { AfterRest } from './page/after-rest';
import type { PictureWithSignals } from './page/labelled';
import { glOf, openSite, writeJson } from './site';
import { readManifest } from './targets';

const usage = `usage: npm run expression -- DATA --out FILE [--model ID] [--gaze | --rest] [--backend wasm|webgl|webgpu|cpu]

  DATA    the folder of the sets that the labels name
  --gaze  with the eye network, which also reads how far eyes are open
  --rest  the faces of training/mien/signals/rest-labels.csv, whose look at rest another picture shows; else those of labels.csv
  --out   { model, faces }: for each labelled face its picture, place, points and signals as \`detect\` has them; points
          and signals are null where it was not found. With --rest they are those of the picture drawn into a frame, and
          \`calibrated\` has points and signals of a track that saw the other picture first and was calibrated by it, and
          the points at rest. python -m mien.signals.faces FILE tells how well they are told apart`;

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      model: { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      gaze: { type: 'boolean', default: false },
      rest: { type: 'boolean', default: false },
    },
  });
  if (positionals.length !== 1 || !values.out || (values.gaze && values.rest)) throw new Error(usage);
  const data = fromHere(positionals[0]);
  const manifest = await readManifest(values.model);
  const backend = values.backend as BackendName;
  const pairs = values.rest ? await readRestLabels() : [];
  const labelled = values.rest ? [...pairs, ...pairs.map(({ rest }) => rest)] : await readLabels();
  const pictures = [...new Set(labelled.map(({ picture }) => picture))];
  const site = await openSite({ pictures: pictures.map((name) => join(data, name)), gl: glOf(backend) });

  const told = new Map<string, PictureWithSignals>();
  const urlOf = (picture: string) => `pictures/${pictures.indexOf(picture)}`;
  const find = (label: LabelledFace) => findLabelled(told.get(label.picture)!.faces, label);

  function tellStill(label: LabelledFace) {
    const { width, height } = told.get(label.picture)!;
    const { points = null, signals = null } = find(label) ?? {};
    return { ...label, width, height, points, signals };
  }

  async function tellPair(pair: PairedFace) {
    const [rest, face] = [pair.rest, pair].map((label) => ({
      url: urlOf(label.picture),
      points: find(label)?.points,
    }));
    const result: Partial<AfterRest> =
      rest.points && face.points
        ? await site.page.evaluate(([one, other]) => window.bench.tellAfterRest(one, other), [
            { ...rest, points: rest.points },
            { ...face, points: face.points },
          ] as const)
        : {};
    const { width, height, still, calibrated = null } = result;
    const { points = null, signals = null } = still ?? {};
    return { ...pair, width, height, points, signals, calibrated };
  }

  try {
    const options = { model: manifest.id, backend, maxFaces: 8, signals: true, gaze: values.gaze };
    await site.page.evaluate((asked) => window.bench.open(asked), { ...options, smoothing: 0 });
    for (const [i, picture] of pictures.entries()) {
      told.set(picture, await site.page.evaluate((url) => window.bench.detectSignals(url), urlOf(picture)));
      showProgress(i + 1, pictures.length);
    }
    const faces = values.rest ? [] : labelled.map(tellStill);
    const paired = [];
    for (const [i, pair] of pairs.entries()) {
      paired.push(await tellPair(pair));
      showProgress(i + 1, pairs.length);
    }
    const all = [...faces, ...paired];
    await writeJson(fromHere(values.out), { model: manifest.id, faces: all });
    const found = all.filter(({ signals }) => signals).length;
    console.log(`${manifest.id} on ${backend}: ${found} of ${all.length} faces found → ${values.out}`);
  } finally {
    await site.close();
  }
});

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}`);
}
