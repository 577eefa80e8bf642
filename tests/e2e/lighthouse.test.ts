/** Lighthouse finds little to better. How fast the other pages load: `npm run lighthouse`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { categories, pages, startAuditor, type Auditor, type Category, type Preset } from './lighthouse';

const LEAST_SCORE = 95;

let auditor: Auditor;
beforeAll(async () => {
  auditor = await startAuditor();
});
afterAll(() => auditor.close());

/** Speed is judged of the first page alone, at the best of three visits: other work on the machine slows a visit. */
const audits: { path: string; preset: Preset; asked: readonly Category[] }[] = [
  { path: pages.Live, preset: 'mobile', asked: categories },
  ...Object.values(pages).map((path) => ({
    path,
    preset: 'desktop' as const,
    asked: path === pages.Live ? categories : (['accessibility', 'best-practices'] as const),
  })),
];

test.each(audits)('the page at "$path", $preset', { retry: 2 }, async ({ path, preset, asked }) => {
  const { scores, findings } = await auditor.audit(path, preset, asked);
  expect(Math.min(...Object.values(scores)), findings.join(', ')).toBeGreaterThanOrEqual(LEAST_SCORE);
});
