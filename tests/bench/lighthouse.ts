/** `npm run lighthouse`: Lighthouse scores of every page of the built app. */
import { categories, pages, startAuditor } from '../e2e/lighthouse';
import { run } from './arguments';
import { formatTable } from './table';

await run(async () => {
  const auditor = await startAuditor();
  try {
    const rows: string[][] = [['page', ...categories]];
    const notes: string[] = [];
    for (const preset of ['desktop', 'mobile'] as const)
      for (const [name, path] of Object.entries(pages)) {
        const { scores, findings } = await auditor.audit(path, preset, categories);
        rows.push([`${name}, ${preset}`, ...categories.map((category) => String(scores[category]))]);
        notes.push(...findings.map((finding) => `${name}, ${preset}: ${finding}`));
      }
    console.log([formatTable(rows), '', ...notes].join('\n'));
  } finally {
    await auditor.close();
  }
});
