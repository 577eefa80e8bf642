/**
 * Runs an exported model as a stranger's program would: plain @tensorflow/tfjs, over HTTP.
 *   node run-model.mjs FOLDER BACKEND INPUT.f32 SHAPE OUTPUT.json NODE…
 * reads a little-endian float32 tensor of SHAPE (1x128x128x1), writes {backend, metadata, tensors, outputs: {NODE: {shape, values}}}.
 */
import { createServer } from 'node:http';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');

const [folder, backend, input, shape, output, ...names] = process.argv.slice(2);

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
  const model = await tf.loadGraphModel(`http://127.0.0.1:${server.address().port}/model.json`);
  const bytes = await readFile(input);
  const x = tf.tensor(
    new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).slice(),
    shape.split('x').map(Number),
  );
  const before = tf.memory().numTensors;
  const results = model.execute(x, names);
  const outputs = {};
  for (const [index, tensor] of [results].flat().entries()) {
    outputs[names[index]] = { shape: tensor.shape, values: [...(await tensor.data())] };
    tensor.dispose();
  }
  await writeFile(
    output,
    JSON.stringify({
      backend: tf.getBackend(),
      metadata: model.metadata,
      leaked: tf.memory().numTensors - before,
      outputs,
    }),
  );
} finally {
  server.close();
}
