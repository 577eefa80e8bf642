// Runs a TypeScript file in Node through Vite: node scripts/run-ts.mjs tests/bench/evaluate.ts ARGS…
// The file gets `process.argv` as if it had been started directly.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const [file, ...args] = process.argv.slice(2);
if (!file) throw new Error('usage: node scripts/run-ts.mjs FILE.ts [ARGS…]');
process.argv = [process.argv[0], resolve(file), ...args];
await runnerImport(resolve(file), { configFile: false, logLevel: 'error' });
