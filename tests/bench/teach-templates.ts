/** `npm run teach -- templates`: templates in feature space beside what Mien ships, on LFPW's training part alone. */
import { join } from 'node:path';
import { boxOfPartial, mean } from './face-error';
import type { AnnotatedPicture } from './page/teach';
import { readFolder, spreadOver } from './pts';
import { formatTable } from './table';
import { readManifest } from './targets';
import {
  PARTS,
  distanceOf,
  draw,
  findTaught,
  hidden,
  measure,
  open,
  percent,
  range,
  schemeOf,
  select,
  teachOn,
  type EngineChoice,
  type Errors,
} from './teach-measure';

export interface TemplatesPlan extends EngineChoice {
  readonly data: string;
  /** Counts of pictures to learn from. */
  readonly counts: readonly number[];
  readonly draws: number;
  /** At most so many pictures are measured on. */
  readonly limit?: number;
}

/** Of the training part, evenly; of three pictures one is measured on, two are learned from. */
const PICTURES = 300;
const ROWS = {
  'guess alone': 'ridge on the other 39 points',
  none: 'templates, sought in the whole crop',
  'mean place': 'templates about their mean places',
  guess: 'templates about the ridge’s guess',
} as const;
const SHIPPED = 'what ships';

export async function measureTemplates(plan: TemplatesPlan): Promise<unknown> {
  const { scheme } = await readManifest(plan.model);
  const all = spreadOver(await readFolder(join(plan.data, '300w', 'lfpw', 'trainset'), 68), PICTURES);
  const site = await open(
    plan,
    all.map(({ picture }) => picture),
  );
  try {
    const annotated = all.map(({ points }, i): AnnotatedPicture & { readonly interOcular: number } => ({
      url: `pictures/${i}`,
      points: select(points, hidden),
      box: boxOfPartial(points),
      interOcular: distanceOf(points, scheme.normalisingPair!),
    }));
    const learnable = annotated.filter((_, i) => i % 3 > 0);
    const measured = spreadOver(
      annotated.filter((_, i) => i % 3 === 0),
      plan.limit,
    );
    const interOcular = measured.map((picture) => picture.interOcular);
    const parts = Object.fromEntries(
      Object.entries(PARTS).map(([name, bounds]) => [
        name,
        range(bounds).map((index) => hidden.indexOf(index)),
      ]),
    );
    const rows = [];
    for (const count of plan.counts) {
      const errors: Record<string, Errors[]> = {};
      for (let seed = 1; seed <= plan.draws; seed++) {
        const drawn = draw(learnable, count, 1000 * count + seed);
        const temperatures = await site.page.evaluate(
          ([pictures, points]) => window.bench.learnTemplates(pictures, points),
          [drawn, hidden] as const,
        );
        console.error(`${count} pictures, draw ${seed}: temperatures ${JSON.stringify(temperatures)}`);
        const found = new Map<string, Awaited<ReturnType<typeof window.bench.findByTemplates>>>();
        for (const picture of measured)
          found.set(
            picture.url,
            await site.page.evaluate((asked) => window.bench.findByTemplates(asked), picture),
          );
        for (const [kind, name] of Object.entries(ROWS) as [keyof typeof ROWS, string][])
          (errors[name] ??= []).push(
            await measure(measured, interOcular, parts, async ({ url }) => found.get(url)?.[kind] ?? null),
          );
        await teachOn(site, schemeOf('parts', scheme, hidden), drawn, hidden);
        (errors[SHIPPED] ??= []).push(await measure(measured, interOcular, parts, findTaught(site)));
      }
      rows.push({ count, errors });
    }
    const names = Object.keys(PARTS);
    console.log(
      `\ntemplates on ${plan.model}, ${plan.backend}, ${measured.length} pictures of LFPW's training part: % of the inter-ocular distance`,
    );
    console.log(
      formatTable([
        ['pictures', 'method', ...names, 'missed'],
        ...rows.flatMap(({ count, errors }) =>
          Object.entries(errors).map(([method, ofDraws]) => [
            String(count),
            method,
            ...names.map((name) => percent(mean(ofDraws.map((one) => one[name])))),
            percent(mean(ofDraws.map(({ missed }) => missed))),
          ]),
        ),
      ]),
    );
    return rows;
  } finally {
    await site.close();
  }
}
