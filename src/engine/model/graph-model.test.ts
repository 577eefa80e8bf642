import '@tensorflow/tfjs-backend-cpu';
import { engine, setBackend, tensor4d, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from './graph-model';

const SIZE = 16;
const POINTS = 2;
const OUTPUTS = POINTS * 3 + 1;

const int32 = (values: number[]) => ({
  tensor: { dtype: 'DT_INT32', tensorShape: { dim: [{ size: String(values.length) }] } },
});

/** A graph that flattens its input and multiplies it by a matrix of ones over 256: each output is the mean of the input. */
function tinyModelJson() {
  const node = (name: string, op: string, input: string[] = [], attr: object = {}) => ({
    name,
    op,
    input,
    attr,
  });
  const dim = [-1, SIZE, SIZE, 1].map((size) => ({ size: String(size) }));
  return {
    format: 'graph-model',
    modelTopology: {
      node: [
        node('input', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } }),
        node('shape', 'Const', [], { dtype: { type: 'DT_INT32' }, value: int32([0, 0]) }),
        node('weights', 'Const', [], { dtype: { type: 'DT_FLOAT' }, value: {} }),
        node('flat', 'Reshape', ['input', 'shape'], {
          T: { type: 'DT_FLOAT' },
          Tshape: { type: 'DT_INT32' },
        }),
        node('head', 'MatMul', ['flat', 'weights'], { T: { type: 'DT_FLOAT' } }),
      ],
      versions: { producer: 1 },
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: [
          { name: 'shape', shape: [2], dtype: 'int32' },
          { name: 'weights', shape: [SIZE * SIZE, OUTPUTS], dtype: 'float32' },
        ],
      },
    ],
    userDefinedMetadata: { mien: manifest() },
  };
}

function manifest() {
  return {
    formatVersion: 1,
    id: 'tiny',
    title: 'Tiny',
    family: 'regression',
    scheme: {
      id: 'two',
      pointCount: POINTS,
      names: ['left', 'right'],
      groups: {},
      edges: [],
      mirror: [1, 0],
      normalisingPair: [0, 1],
      eyes: [[0], [1]],
    },
    input: { name: 'input', width: SIZE, height: SIZE, channels: 1, mean: 0.5, deviation: 0.25 },
    cropMargin: 1.4,
    output: { packed: 'head' },
    presenceThreshold: 0.5,
    parameters: 1,
    multiplyAdds: 1,
    metrics: [],
    provenance: { dataSets: [], config: 'none', seed: 0, commit: 'none', date: 'never' },
  };
}

function tinyWeights(): ArrayBuffer {
  const count = SIZE * SIZE;
  const buffer = new ArrayBuffer(8 + 4 * count * OUTPUTS);
  new Int32Array(buffer, 0, 2).set([-1, count]);
  new Float32Array(buffer, 8).fill(1 / count);
  return buffer;
}

type TinyJson = ReturnType<typeof tinyModelJson>;

function filesWith(change: (json: TinyJson) => void = () => {}): Map<string, ArrayBuffer> {
  const json = tinyModelJson();
  change(json);
  const bytes = new TextEncoder().encode(JSON.stringify(json));
  return new Map([
    ['tiny/model.json', bytes.buffer as ArrayBuffer],
    ['tiny/weights.bin', tinyWeights()],
  ]);
}

const tensors = () => engine().state.numTensors;

beforeAll(() => setBackend('cpu'));

describe('a model', () => {
  it('runs from memory, and leaves no tensor behind', async () => {
    const before = tensors();
    const model = createModel(filesWith(), 'tiny/model.json');
    const input = tensor4d(new Float32Array(2 * SIZE * SIZE).fill(3), [2, SIZE, SIZE, 1]);
    const output = model.graph.execute({ input }, model.manifest.output.packed) as Tensor;
    expect(output.shape).toEqual([2, OUTPUTS]);
    expect((await output.data())[0]).toBeCloseTo(3, 5);
    input.dispose();
    output.dispose();
    model.dispose();
    expect(tensors()).toBe(before);
  });

  it('knows its nodes by their own names, whatever else a file calls them', async () => {
    const names = { inputs: { input: {} }, outputs: { head: {}, flat: { name: 'nowhere:0' } } };
    const files = filesWith((json) =>
      Object.assign(json, {
        signature: names,
        userDefinedMetadata: { ...json.userDefinedMetadata, signature: names, structuredOutputKeys: ['x'] },
      }),
    );
    const model = createModel(files, 'tiny/model.json');
    const input = tensor4d(new Float32Array(SIZE * SIZE).fill(3), [1, SIZE, SIZE, 1]);
    const outputs = model.graph.execute({ input }, ['head', 'flat']) as Tensor[];
    expect(outputs.map(({ shape }) => shape)).toEqual([
      [1, OUTPUTS],
      [1, SIZE * SIZE],
    ]);
    for (const tensor of [input, ...outputs]) tensor.dispose();
    model.dispose();
  });

  const broken: [string, (json: TinyJson) => void, string][] = [
    ['another format', (json) => (json.format = 'layers-model'), 'format'],
    ['no weights manifest', (json) => delete (json as Partial<TinyJson>).weightsManifest, 'weightsManifest'],
    [
      'weights that are not there',
      (json) => (json.weightsManifest[0].paths = ['other.bin']),
      'tiny/other.bin',
    ],
    [
      'more weights than bytes',
      (json) => (json.weightsManifest[0].weights[1].shape = [1e6]),
      'tiny/model.json',
    ],
    [
      'an input of another name',
      (json) => (json.userDefinedMetadata.mien.input.name = 'x'),
      'names the input x',
    ],
    [
      'an output that is not in the graph',
      (json) => (json.userDefinedMetadata.mien.output.packed = 'tail'),
      'tail',
    ],
  ];
  it.each(broken)('with %s is refused, and leaves no tensor behind', async (_, change, named) => {
    const before = tensors();
    const failure = (async () => createModel(filesWith(change), 'tiny/model.json'))();
    await expect(failure).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringContaining(named),
    });
    expect(tensors()).toBe(before);
  });

  it('that is no JSON is named', () => {
    const files = filesWith().set('tiny/model.json', new TextEncoder().encode('{').buffer as ArrayBuffer);
    expect(() => createModel(files, 'tiny/model.json')).toThrow('tiny/model.json: is not JSON');
  });
});
