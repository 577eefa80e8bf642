// `npm test`: runs every check with its output, then prints one line `N passed, N failed`.
// Arguments select steps by name: node scripts/test.mjs eslint unit
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addTallies, formatTally, tallyOfJunit, tallyOfVitest } from './tally.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'test-results');
const bin = (/** @type {string} */ name) => join(root, 'node_modules', '.bin', name);
const python = join(
  root,
  'training',
  '.venv',
  process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
);

/**
 * @typedef {{ name: string, command: string, args: string[], folder?: string,
 *   report?: string, parse?: (text: string) => import('./tally.mjs').Tally }} Step
 * A step with a report counts its tests, one without counts as a single check.
 */

/** @param {string} name @param {string[]} args @returns {Step} */
const vitest = (name, args) => {
  const report = join(reports, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { name, command: bin('vitest'), args: ['run', ...args, ...reporters], report, parse: tallyOfVitest };
};

/** @type {Step[]} */
const steps = [
  { name: 'eslint', command: bin('eslint'), args: ['.', '--max-warnings=0'] },
  { name: 'prettier', command: bin('prettier'), args: ['--check', '.'] },
  { name: 'ruff-check', command: python, args: ['-m', 'ruff', 'check', '.'], folder: 'training' },
  {
    name: 'ruff-format',
    command: python,
    args: ['-m', 'ruff', 'format', '--check', '.'],
    folder: 'training',
  },
  { name: 'svelte-check', command: bin('svelte-check'), args: ['--fail-on-warnings'] },
  { name: 'tsc', command: bin('tsc'), args: [] },
  vitest('unit', []),
  { name: 'build', command: bin('vite'), args: ['build'] },
  vitest('browser', ['--config', 'tests/e2e/vitest.config.ts']),
  {
    name: 'training',
    command: python,
    args: ['-m', 'pytest', `--junitxml=${join(reports, 'training.xml')}`],
    folder: 'training',
    report: join(reports, 'training.xml'),
    parse: tallyOfJunit,
  },
];

/** @param {Step} step */
function run(step) {
  console.log(`\n=== ${step.name} ===`);
  const started = performance.now();
  const { status, error } = spawnSync(step.command, step.args, {
    cwd: join(root, step.folder ?? '.'),
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${step.name} could not start: ${error.message}`);
  const tally =
    step.report && step.parse && existsSync(step.report)
      ? step.parse(readFileSync(step.report, 'utf8'))
      : { passed: status === 0 ? 1 : 0, failed: 0, skipped: 0 };
  // A non-zero exit status is a failure, whatever the report says.
  if (status !== 0 && tally.failed === 0) tally.failed = 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`--- ${step.name}: ${formatTally(tally)} (${seconds} s)`);
  return tally;
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const names = process.argv.slice(2);
const unknown = names.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length)
  throw new Error(`No such step: ${unknown.join(', ')} (${steps.map((step) => step.name).join(', ')})`);
const tallies = steps.filter((step) => !names.length || names.includes(step.name)).map(run);
const total = addTallies(tallies);
console.log(`\n${formatTally(total)}`);
process.exit(total.failed ? 1 : 0);
