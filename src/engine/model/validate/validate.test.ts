import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  brokenNoses,
  changed,
  decodeJson,
  encodeJson,
  hostileModels,
  toBuffer,
} from '../../../../tests/fixtures/hostile-models';
import { FACE_73, MAPS, NOSE } from '../../../../tests/fixtures/synthetic-models';
import { EngineError } from '../../errors';
import { parseManifest, parseRegistry } from '../manifest';
import { createModel, type Model } from '../graph-model';
import type { ModelFiles } from '../model-files';
import { Field } from '../parse';
import { checkGraph } from './graph';
import { checkModel } from './index';
import { checkWeights } from './weights';

const PATH = 'model.json';
/** As many as the check has in mind. */
const FACES = 2;
const HOSTILE_RUNS = 400;
const HOSTILE_MS = 120_000;

const models = fileURLToPath(new URL('../../../../static/models', import.meta.url));
const shippedFiles = (id: string): ModelFiles =>
  new Map(
    readdirSync(`${models}/${id}`).map((name) => [name, toBuffer(readFileSync(`${models}/${id}/${name}`))]),
  );
const syntheticFiles = ({ files }: typeof NOSE): ModelFiles =>
  new Map([...files].map(([path, bytes]) => [path.split('/').at(-1)!, toBuffer(bytes)]));

const small = [
  ['nose-b', shippedFiles('nose-b')],
  ...[NOSE, FACE_73, MAPS].map((model) => [model.id, syntheticFiles(model)] as const),
] as const;

/** Runs the network on the CPU, and disposes of it. @returns the shape of each of its nodes */
function run({ graph, manifest, nodes, dispose }: Model): Map<string, number[]> {
  const { name, width, height } = manifest.input;
  const names = [...nodes].filter((node) => node !== name);
  try {
    const input = tf.zeros([FACES, height, width, 1]);
    const outputs = graph.execute({ [name]: input }, names) as tf.Tensor[];
    const shapes = outputs.map(({ shape }, i) => [names[i], shape] as const);
    tf.dispose([input, ...outputs]);
    return new Map(shapes);
  } finally {
    dispose();
  }
}

beforeAll(() => tf.setBackend('cpu'));

describe('what is taken', () => {
  it.each(small)('%s: every node gives the shape that was foreseen', (_, files) => {
    const json = decodeJson(files);
    const root = Field.root(PATH, json, (message) => new Error(message));
    const foreseen = checkGraph(root, checkWeights(root, files, ''), parseManifest(json, PATH));
    for (const [name, shape] of run(createModel(files, PATH)))
      expect(foreseen.get(name)?.shape, name).toEqual(shape);
  });

  const shipped = parseRegistry(JSON.parse(readFileSync(`${models}/registry.json`, 'utf8')), 'registry.json');
  it.each(shipped)('$id, which ships', ({ id }) => {
    expect(checkModel(shippedFiles(id), PATH).id).toBe(id);
  });
});

describe('what is refused is named', () => {
  it.each(brokenNoses)('%s', (_, change, named) => {
    const files = changed(shippedFiles('nose-b'), change);
    expect(() => checkModel(files, PATH)).toThrow(named);
    expect(() => checkModel(files, PATH)).toThrow(PATH);
  });

  it('weights cut short', () => {
    const files = new Map(shippedFiles('nose-b'));
    const [weights] = [...files.keys()].filter((name) => name !== PATH);
    files.set(weights, files.get(weights)!.slice(0, -1));
    expect(() => checkModel(files, PATH)).toThrow(`its weights take 145156 bytes, ${weights} has 145155`);
  });

  it('files beyond the limits', () => {
    const files = new Map(shippedFiles('nose-b')).set('more.bin', new ArrayBuffer(65e6));
    expect(() => checkModel(files, PATH)).toThrow('at most 64.0 MB are taken');
  });

  it('maps that would fill all memory', () => {
    const files = new Map(syntheticFiles(MAPS));
    const json = decodeJson(files);
    json.modelTopology.node.push(
      { name: 'size', op: 'Const', attr: { dtype: { type: 'DT_INT32' } } },
      { name: 'giant', op: 'ResizeBilinear', input: ['logits', 'size'], attr: {} },
    );
    json.weightsManifest.push({
      paths: ['size.bin'],
      weights: [{ name: 'size', shape: [2], dtype: 'int32' }],
    });
    files.set('size.bin', Int32Array.of(100_000, 100_000).buffer).set(PATH, encodeJson(json));
    expect(() => checkModel(files, PATH)).toThrow('node giant (ResizeBilinear): too large');
  });
});

describe('hostile models', () => {
  it(
    `${HOSTILE_RUNS} of them are refused with words for the file, or run`,
    () => {
      let ran = 0;
      fc.assert(
        fc.property(hostileModels(small.map(([, files]) => files)), (files) => {
          let model: Model;
          try {
            checkModel(files, PATH);
            model = createModel(files, PATH);
          } catch (error) {
            expect(error).toBeInstanceOf(EngineError);
            expect((error as EngineError).code).toMatch(/^bad-(model|manifest)$/);
            expect((error as EngineError).message).toMatch(/^model\.json: ./);
            return;
          }
          run(model);
          ran += 1;
        }),
        { numRuns: HOSTILE_RUNS },
      );
      // Many changes are to words and numbers that do no harm; a check that refused everything would be of no use.
      expect(ran).toBeGreaterThan(HOSTILE_RUNS / 20);
      expect(tf.engine().state.numTensors).toBe(0);
    },
    HOSTILE_MS,
  );

  it('files of random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        expect(() => checkModel(new Map([[PATH, toBuffer(bytes)]]), PATH)).toThrow(EngineError);
      }),
    );
  });
});
