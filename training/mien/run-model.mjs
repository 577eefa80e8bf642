/**
 * Runs an exported model as a stranger's program would: plain @tensorflow/tfjs, over HTTP.
 *   node run-model.mjs FOLDER BACKEND INPUT.f32 SHAPE BATCH OUTPUT.json NODE…
 * reads a little-endian float32 tensor of SHAPE (10x128x128x1), runs BATCH of its items at a time and writes {backend, metadata,
 * leaked, startMs, ms, outputs: {NODE: {shape, values}}}: tensors left behind, the processor time to load the model and run a
 * first batch, the processor time of each batch after that, and the outputs of all batches together.
 */
import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const [folder, backend, input, shapeText, batchText, output, ...names] = process.argv.slice(2);

/** @param {NodeJS.CpuUsage} began @returns {number} of the processor's time, ms */
function msSince(began) {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e3;
}

const server = createServer(async (request, response) => {
  try {
    response.end(await readFile(join(folder, new URL(request.url, 'http://localhost').pathname)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));

try {
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/');
  if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} does not start`);
  const atStart = process.cpuUsage();
  const model = await tf.loadGraphModel(`http://127.0.0.1:${server.address().port}/model.json`);
  const bytes = await readFile(input);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const [count, ...itemShape] = shapeText.split('x').map(Number);
  const batch = Number(batchText);
  const itemSize = values.length / count;

  /** @param {number} start @returns the outputs of the batch that starts there */
  async function run(start) {
    const end = Math.min(start + batch, count);
    const x = tf.tensor(values.slice(start * itemSize, end * itemSize), [end - start, ...itemShape]);
    const tensors = [model.execute(x, names)].flat();
    const outputs = [];
    for (const tensor of tensors) {
      outputs.push({ shape: tensor.shape, values: await tensor.data() });
      tensor.dispose();
    }
    x.dispose();
    return outputs;
  }

  await run(0);
  const startMs = msSince(atStart);
  const before = tf.memory().numTensors;
  const outputs = Object.fromEntries(names.map((name) => [name, { shape: [], values: [] }]));
  const ms = [];
  for (let start = 0; start < count; start += batch) {
    const began = process.cpuUsage();
    const found = await run(start);
    ms.push(msSince(began));
    for (const [index, { shape, values }] of found.entries()) {
      const whole = outputs[names[index]];
      whole.shape = [count, ...shape.slice(1)];
      for (const value of values) whole.values.push(value);
    }
  }
  const leaked = tf.memory().numTensors - before;
  await writeFile(
    output,
    JSON.stringify({ backend: tf.getBackend(), metadata: model.metadata, leaked, startMs, ms, outputs }),
  );
} finally {
  server.close();
}
