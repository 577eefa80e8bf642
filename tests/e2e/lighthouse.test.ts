/** Lighthouse finds little to better. How fast the other pages load: `npm run lighthouse`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuditor, type Auditor } from './lighthouse';

const LEAST_SCORE = 95;

let auditor: Auditor;
beforeAll(async () => {
  auditor = await startAuditor();
});
afterAll(() => auditor.close());

/** Speed is judged of the first page alone, at the best of three visits: other work on the machine slows a visit. */
test.each([
  ['', 'desktop', ['performance', 'accessibility', 'best-practices']],
  ['', 'mobile', ['performance', 'accessibility', 'best-practices']],
  ['#/photos', 'desktop', ['accessibility', 'best-practices']],
  ['#/models', 'desktop', ['accessibility', 'best-practices']],
  ['#/about', 'desktop', ['accessibility', 'best-practices']],
] as const)('the page at "%s", %s', { retry: 2 }, async (path, preset, asked) => {
  const { scores, findings } = await auditor.audit(path, preset, asked);
  expect(Math.min(...Object.values(scores)), findings.join(', ')).toBeGreaterThanOrEqual(LEAST_SCORE);
});
