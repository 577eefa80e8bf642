/** Lighthouse finds little to better in access and good practice, on every page. How fast pages load: `npm run lighthouse`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAuditor, type Auditor } from './lighthouse';

const LEAST_SCORE = 95;

let auditor: Auditor;
beforeAll(async () => {
  auditor = await startAuditor();
});
afterAll(() => auditor.close());

test.each([
  ['', 'desktop'],
  ['', 'mobile'],
  ['#/photos', 'desktop'],
  ['#/models', 'desktop'],
  ['#/about', 'desktop'],
] as const)('the page at "%s", %s', async (path, preset) => {
  const { scores, findings } = await auditor.audit(path, preset, ['accessibility', 'best-practices']);
  expect(Math.min(...Object.values(scores)), findings.join(', ')).toBeGreaterThanOrEqual(LEAST_SCORE);
});
