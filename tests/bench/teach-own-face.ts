/** `npm run teach -- my-face`: what corrections of one person's pictures do to that person's others, and to everybody else's. */
import { join } from 'node:path';
import { readImm, type ImmSample } from './asf';
import { boxOfPartial, mean } from './face-error';
import { quantile } from './quantile';
import { glOf, openSite } from './site';
import { formatTable } from './table';

/** Points of the 68 and those of IMM's 73 that lie at the same place of a face. */
const SAME: readonly (readonly [number, number])[] = [
  [36, 16],
  [39, 20],
  [42, 28],
  [45, 24],
  [48, 46],
  [54, 52],
  [30, 45],
  [8, 67],
  [17, 0],
  [18, 1],
  [19, 2],
  [20, 3],
  [21, 4],
  [22, 12],
  [23, 13],
  [24, 14],
  [25, 15],
  [26, 8],
  [49, 47],
  [50, 48],
  [51, 49],
  [52, 50],
  [53, 51],
  [57, 54],
  [33, 39],
  [62, 57],
  [66, 60],
];
const POINTS = 68;
const CORRECTED = 5;

interface Face extends ImmSample {
  readonly url: string;
  readonly base: readonly number[];
}

export interface OwnFaceRow {
  readonly person: string;
  readonly basePct: number;
  readonly taughtPct: number;
  /** How much the error of the person whose points grew worst rose, % of it. */
  readonly worstRisePct: number;
}

/**
 * IMM's annotators put points elsewhere than the base's: where all other people's points lie off by the same, that is taken off each
 * annotation first, so that what is left to learn is the person's.
 */
function conventionOf(faces: readonly Face[]): readonly number[] {
  return SAME.flatMap(([own, imm]) =>
    [0, 1].map((axis) =>
      mean(
        faces.map(
          ({ points, base }) => (points[2 * imm + axis] - base[2 * own + axis]) / boxOfPartial(base).width,
        ),
      ),
    ),
  );
}

/** The 68 points as a person would correct them; null where IMM has no such point. */
function correctionOf({ points, base }: Face, convention: readonly number[]): (number | null)[] {
  const corrected: (number | null)[] = Array.from({ length: 2 * POINTS }, () => null);
  const { width } = boxOfPartial(base);
  SAME.forEach(([own, imm], i) => {
    for (const axis of [0, 1])
      corrected[2 * own + axis] = points[2 * imm + axis] - convention[2 * i + axis] * width;
  });
  return corrected;
}

function errorOf(
  found: readonly number[],
  truth: readonly (number | null)[],
  base: readonly number[],
): number {
  const offs = SAME.map(([p]) =>
    Math.hypot(found[2 * p] - truth[2 * p]!, found[2 * p + 1] - truth[2 * p + 1]!),
  );
  return (100 * mean(offs)) / Math.hypot(base[72] - base[90], base[73] - base[91]);
}

export async function measureOwnFaces(data: string, model: string, backend: string): Promise<unknown> {
  const samples = await readImm(join(data, 'imm_frontal'));
  const site = await openSite({ pictures: samples.map(({ picture }) => picture), gl: glOf(backend) });
  try {
    await site.page.evaluate((options) => window.bench.open(options), { model, backend: backend as 'wasm' });
    const faces: Face[] = [];
    for (const [i, sample] of samples.entries()) {
      const picture = { url: `pictures/${i}`, points: [], box: boxOfPartial(sample.points) };
      const base = await site.page.evaluate((asked) => window.bench.findBase(asked), picture);
      if (base) faces.push({ ...sample, url: picture.url, base });
    }
    const rows: OwnFaceRow[] = [];
    for (const person of new Set(faces.map((face) => face.person))) {
      const convention = conventionOf(faces.filter((face) => face.person !== person));
      const annotate = (face: Face) => ({
        url: face.url,
        points: correctionOf(face, convention),
        box: boxOfPartial(face.points),
      });
      const own = faces.filter((face) => face.person === person);
      const marked = own.slice(0, CORRECTED).map(annotate);
      await site.page.evaluate((pictures) => window.bench.teach('my-face', null, pictures, []), marked);
      const errors = new Map<string, { base: number[]; taught: number[] }>();
      for (const face of faces) {
        if (face.person === person && own.indexOf(face) < CORRECTED) continue;
        const picture = annotate(face);
        const found = await site.page.evaluate((asked) => window.bench.findTaught(asked), picture);
        if (!found) continue;
        const entry = errors.get(face.person) ?? { base: [], taught: [] };
        entry.base.push(errorOf(face.base, picture.points, face.base));
        entry.taught.push(errorOf(found.points, picture.points, face.base));
        errors.set(face.person, entry);
      }
      const owned = errors.get(person)!;
      const rises = [...errors]
        .filter(([other]) => other !== person)
        .map(([, { base, taught }]) => 100 * (mean(taught) / mean(base) - 1));
      rows.push({
        person,
        basePct: mean(owned.base),
        taughtPct: mean(owned.taught),
        worstRisePct: Math.max(...rises),
      });
    }
    const fall = ({ basePct, taughtPct }: OwnFaceRow) => 100 * (1 - taughtPct / basePct);
    console.log(`\nmy face on ${model}, ${CORRECTED} corrected pictures: % of the inter-ocular distance`);
    console.log(
      formatTable([
        ['person', 'the base', 'taught', 'falls by, %', 'worst rise of another, %'],
        ...rows.map((row) => [
          row.person,
          row.basePct.toFixed(2),
          row.taughtPct.toFixed(2),
          fall(row).toFixed(0),
          row.worstRisePct.toFixed(2),
        ]),
      ]),
    );
    console.log(`median fall ${quantile(rows.map(fall), 0.5).toFixed(0)} %`);
    return rows;
  } finally {
    await site.close();
  }
}
