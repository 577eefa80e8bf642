import '@tensorflow/tfjs-backend-cpu';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { engine, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../model/graph-model';
import { stagesOf } from './stages';

/** Batch norms became part of the convolutions' weights, so the graph has a little fewer than were trained. */
const FOLDED_SHARE = 0.002;
const folder = fileURLToPath(new URL('../../../static/models/', import.meta.url));

function openShipped(id: string) {
  const files = readdirSync(folder + id).map(
    (name) => [`${id}/${name}`, Uint8Array.from(readFileSync(`${folder}${id}/${name}`)).buffer] as const,
  );
  return createModel(new Map(files), `${id}/model.json`);
}

beforeAll(() => setBackend('cpu'));

describe.each(['lite', 'nose-b'])('the stages of %s', (id) => {
  it('add up to what its manifest says, in an order in which it can run, and leave no tensor behind', () => {
    const model = openShipped(id);
    const before = engine().memory().numTensors;
    const stages = stagesOf(model);
    expect(engine().memory().numTensors).toBe(before);
    const sum = (key: 'parameters' | 'multiplyAdds') => stages.reduce((all, stage) => all + stage[key], 0);
    const { parameters } = model.manifest;
    expect(sum('parameters')).toBeLessThanOrEqual(parameters);
    expect(sum('parameters')).toBeGreaterThan(parameters * (1 - FOLDED_SHARE));
    expect(sum('multiplyAdds')).toBe(model.manifest.multiplyAdds);
    const done = new Set([model.manifest.input.name]);
    for (const { node, inputs } of stages) {
      for (const input of inputs) expect(done).toContain(input);
      done.add(node);
    }
    expect(done).toContain(model.manifest.output.packed);
    model.dispose();
  });
});

it('a residual block ends with its sum, is part of its resolution, and gives maps', () => {
  const model = openShipped('lite');
  const stages = stagesOf(model);
  model.dispose();
  const block = stages.find(({ node }) => node === 'encoder.stages.1.0.relu');
  expect(block).toMatchObject({
    part: 'encoder.stages.1',
    maps: 'encoder.stages.1.0.relu',
    shape: [16, 16, expect.any(Number)],
  });
  expect(block?.label).toContain('add, ReLU');
  expect(stages[0]).toMatchObject({ part: 'encoder.stem', inputs: ['input'] });
  expect(stages.at(-1)?.maps).toBeNull();
});
