import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { FACE_73, MAPS, NOSE } from '../../../tests/fixtures/synthetic-models';
import { EngineError } from '../errors';
import { parseManifest, parseRegistry } from '../manifest';
import { createModel, type Model } from '../model';
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

const toBuffer = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const encode = (json: unknown): ArrayBuffer => toBuffer(new TextEncoder().encode(JSON.stringify(json)));
const decode = (files: ModelFiles) => JSON.parse(new TextDecoder().decode(files.get(PATH)));

const models = fileURLToPath(new URL('../../../static/models', import.meta.url));
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
    const json = decode(files);
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
  type Json = ReturnType<typeof decode>;
  const nodeOf = (json: Json, name: string) =>
    json.modelTopology.node.find((node: { name: string }) => node.name === name);
  const cases: readonly [string, (json: Json) => void, string][] = [
    ['another format', (json) => (json.format = 'layers-model'), 'format must be "graph-model"'],
    ['no manifest', (json) => delete json.userDefinedMetadata, 'userDefinedMetadata'],
    [
      'weights elsewhere',
      (json) => (json.weightsManifest[0].paths = ['w.bin']),
      'its weights w.bin are missing',
    ],
    [
      'a tensor of another shape than its weights',
      (json) => (json.weightsManifest[0].weights[0].shape = [7, 7, 1, 13]),
      'its weights take',
    ],
    [
      'a tensor of more than all memory',
      (json) => (json.weightsManifest[0].weights[0].shape = [1e9, 1e9]),
      'its weights take',
    ],
    [
      'weights that a node wants and nobody has',
      (json) => (json.weightsManifest[0].weights[0].name = 'other'),
      'node encoder.convs.0/kernel (Const): its values are not among the weights',
    ],
    [
      'an op that is not known',
      (json) => (nodeOf(json, 'encoder.convs.2').op = 'PyFunc'),
      'node encoder.convs.2 (PyFunc): op PyFunc is not known here',
    ],
    [
      'a node that reads one that is not there',
      (json) => (nodeOf(json, 'encoder.convs.2').input = ['nothing']),
      'must be the name of a node, found "nothing"',
    ],
    [
      'a circle',
      (json) => (nodeOf(json, 'encoder.convs.2').input = ['encoder.convs.5']),
      'reads, by a detour, its own result',
    ],
    [
      'an input of another size',
      (json) => (json.userDefinedMetadata.mien.input.width = 64),
      'node input (Placeholder): takes (-1, 80, 60, 1)',
    ],
    [
      'a window larger than its maps',
      (json) => (nodeOf(json, 'encoder.convs.2').attr.ksize.list.i = ['1', '900', '2', '1']),
      'node encoder.convs.2 (MaxPool): maps of (74, 54) are smaller than its window of (900, 2)',
    ],
    [
      'more points than its output has',
      (json) => (json.userDefinedMetadata.mien.output.values = undefined),
      'gives (2, 2) for 2 faces, the manifest promises (2, 4)',
    ],
    [
      'a node with the name of what every object has',
      (json) => (nodeOf(json, 'encoder.convs.2').name = 'constructor'),
      'a name fit for a node',
    ],
  ];
  it.each(cases)('%s', (_, change, named) => {
    const files = new Map(shippedFiles('nose-b'));
    const json = decode(files);
    change(json);
    expect(() => checkModel(files.set(PATH, encode(json)), PATH)).toThrow(named);
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
    const json = decode(files);
    json.modelTopology.node.push(
      { name: 'size', op: 'Const', attr: { dtype: { type: 'DT_INT32' } } },
      { name: 'giant', op: 'ResizeBilinear', input: ['logits', 'size'], attr: {} },
    );
    json.weightsManifest.push({
      paths: ['size.bin'],
      weights: [{ name: 'size', shape: [2], dtype: 'int32' }],
    });
    files.set('size.bin', Int32Array.of(100_000, 100_000).buffer).set(PATH, encode(json));
    expect(() => checkModel(files, PATH)).toThrow('node giant (ResizeBilinear): too large');
  });
});

/** Every place of a JSON value, as the names that lead there. */
function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...path, name]))];
}

function put(json: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], json);
  if (typeof parent === 'object' && parent !== null)
    (parent as Record<string, unknown>)[path.at(-1)!] = value;
}

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, undefined, true, '', '0', '-1', '1e9', '2147483648', 'AAAA', '__proto__', [], {}, [[]], ['-1']],
    ...[0, -1, 1.5, 2 ** 31, 1e300],
  ),
  fc.integer({ min: -3, max: 70 }),
  fc.integer({ min: -3, max: 70 }).map(String),
  fc.jsonValue({ maxDepth: 2 }),
);

describe('hostile models', () => {
  it(
    `${HOSTILE_RUNS} of them are refused with words for the file, or run`,
    () => {
      const seeds = small.map(([, files]) => ({
        files,
        places: placesOf(decode(files)).filter((path) => path.length > 0),
      }));
      let ran = 0;
      const change = fc.tuple(fc.noBias(fc.nat(1e6)), hostile);
      fc.assert(
        fc.property(
          fc.nat(seeds.length - 1),
          fc.array(change, { minLength: 1, maxLength: 3 }),
          fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(20) }),
          (seed, changes, cut) => {
            const { files, places } = seeds[seed];
            const json = decode(files);
            for (const [at, value] of changes) put(json, places[at % places.length], value);
            const changed = new Map(files).set(PATH, encode(json));
            if (cut !== null) {
              const name = [...files.keys()].find((path) => path !== PATH)!;
              changed.set(name, files.get(name)!.slice(cut));
            }
            let model: Model;
            try {
              checkModel(changed, PATH);
              model = createModel(changed, PATH);
            } catch (error) {
              expect(error).toBeInstanceOf(EngineError);
              expect((error as EngineError).code).toMatch(/^bad-(model|manifest)$/);
              expect((error as EngineError).message).toMatch(/^model\.json: ./);
              return;
            }
            run(model);
            ran += 1;
          },
        ),
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
