import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { EngineError } from '../errors';
import { leadingEyes, parseManifest, parseRegistry } from './manifest';

/** A model.json that is well-formed, with a face of four points. */
function wellFormed() {
  return {
    userDefinedMetadata: {
      mien: {
        formatVersion: 1,
        id: 'tiny',
        title: 'Tiny',
        family: 'regression',
        scheme: {
          id: 'four',
          pointCount: 4,
          names: ['eye left', 'eye right', 'nose', 'chin'],
          groups: { eyes: [0, 1], rest: [2, 3] },
          edges: [[2, 3]],
          mirror: [1, 0, 2, 3],
          normalisingPair: [0, 1],
          eyes: [[0], [1]],
        },
        input: { name: 'input', width: 32, height: 32, channels: 1, mean: 0.45, deviation: 0.25 },
        cropMargin: 1.4,
        output: { packed: 'head' },
        presenceThreshold: 0.5,
        parameters: 10,
        multiplyAdds: 20,
        metrics: [] as unknown[],
        provenance: {
          dataSets: [{ name: 'none', terms: 'none' }],
          config: 'a = 1',
          seed: 0,
          commit: 'none',
          date: '2026-01-01',
        },
      },
    },
  };
}

/** The well-formed file with some fields changed; their paths start inside the manifest. */
function withFields(fields: Record<string, unknown>): unknown {
  const file = wellFormed();
  for (const [path, value] of Object.entries(fields)) {
    const steps = path.split('.');
    let at = file.userDefinedMetadata.mien as unknown as Record<string, unknown>;
    for (const step of steps.slice(0, -1)) at = at[step] as Record<string, unknown>;
    at[steps[steps.length - 1]] = value;
  }
  return file;
}

const withField = (path: string, value: unknown) => withFields({ [path]: value });

function errorOf(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a manifest', () => {
  it('is read when it is well-formed', () => {
    const manifest = parseManifest(wellFormed(), 'tiny/model.json');
    expect(manifest.scheme.names).toHaveLength(4);
    expect(manifest.output).toEqual({ packed: 'head', values: 'points-spread-presence' });
    expect(manifest).toMatchObject({ classroom: false, calibration: null, scheme: { meanFace: null } });
  });

  it('may tell more: an input of any proportions, points alone, regions, calibration, the mean face', () => {
    const metric = {
      dataSet: 'x',
      crop: 'truth',
      images: 3,
      nmeInterOcularPct: null,
      nmeBoxPct: 2,
      failureRate8Pct: null,
      auc8Pct: null,
      regions: { eyes: 1.5 },
      nmeInnerBoxPct: 1.7,
      misses: 1,
      shapeOnly: true,
      yawBins: [
        { yawDeg: '0-30', images: 2, misses: 0, nmeInterOcularPct: 3, nmeBoxPct: 2, nmeInnerBoxPct: 1.5 },
        { yawDeg: '60-90', images: 1, misses: 1, nmeInterOcularPct: null, nmeBoxPct: 2, nmeInnerBoxPct: 2.1 },
      ],
    };
    const meanFace = [
      [0.3, 0.4],
      [0.7, 0.4],
      [0.5, 0.6],
      [0.5, 0.9],
    ];
    const calibration = { within1: 0.66, within2: 0.94 };
    const file = withFields({
      'input.height': 80,
      'output.values': 'points',
      metrics: [metric],
      calibration,
      classroom: true,
      'scheme.meanFace': meanFace,
    });
    expect(parseManifest(file, 'tiny/model.json')).toMatchObject({
      input: { width: 32, height: 80 },
      output: { values: 'points' },
      metrics: [metric],
      calibration,
      classroom: true,
      scheme: { meanFace },
    });
  });

  it('may bring the points of the self-test, two values for each of its points', () => {
    const selfTest = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    expect(parseManifest(withField('selfTest', selfTest), 'x.json').selfTest).toEqual(selfTest);
    expect(parseManifest(withFields({}), 'x.json').selfTest).toBeNull();
    expect(() => parseManifest(withField('selfTest', selfTest.slice(1)), 'x.json')).toThrow(
      /x\.json.*selfTest/,
    );
  });

  it('may have one point, without eyes and without a pair to normalise by', () => {
    const scheme = {
      id: 'nose',
      pointCount: 1,
      names: ['nose tip'],
      groups: { nose: [0] },
      edges: [],
      mirror: [0],
    };
    const file = withField('scheme', { ...scheme, normalisingPair: null, eyes: null });
    expect(parseManifest(file, 'x.json').scheme).toEqual({
      ...scheme,
      normalisingPair: null,
      eyes: null,
      meanFace: null,
    });
  });

  it('may have weights that tell the axis of the head; they add up to 0', () => {
    const weights = (list: unknown) =>
      parseManifest(withField('scheme.uprightWeights', list), 'x.json').uprightWeights;
    expect(weights([-0.5, -0.5, 0.25, 0.75])).toEqual([-0.5, -0.5, 0.25, 0.75]);
    expect(parseManifest(withFields({}), 'x.json').uprightWeights).toBeNull();
    expect(() => weights([1, 1, 1, 1])).toThrow('scheme.uprightWeights');
    expect(() => weights([1, -1])).toThrow('scheme.uprightWeights');
  });

  it('lets the points lead the next crop only where they show the eyes and presence is told', () => {
    const led = (fields: Record<string, unknown>) => leadingEyes(parseManifest(withFields(fields), 'x.json'));
    expect(led({})).toEqual([[0], [1]]);
    expect(led({ 'scheme.eyes': null })).toBeNull();
    expect(led({ 'output.values': 'points' })).toBeNull();
  });

  it('of every shipped model is well-formed', () => {
    const folder = new URL('../../../static/models/', import.meta.url);
    const registry = parseRegistry(
      JSON.parse(readFileSync(new URL('registry.json', folder), 'utf8')),
      'registry.json',
    );
    for (const { id, path, classroom } of registry) {
      const manifest = parseManifest(JSON.parse(readFileSync(new URL(path, folder), 'utf8')), path);
      expect(manifest).toMatchObject({ id, classroom });
      if (!classroom) expect(manifest.scheme.pointCount).toBe(68);
    }
  });

  // One hostile change each, and the field that the error must name.
  const hostile: [string, unknown, string][] = [
    ['formatVersion', 2, 'mien.formatVersion'],
    ['id', '../../etc', 'mien.id'],
    ['family', 'magic', 'mien.family'],
    ['scheme', null, 'mien.scheme'],
    ['scheme.pointCount', 1e9, 'scheme.pointCount'],
    ['scheme.pointCount', 5, 'scheme.names'],
    ['scheme.names', ['a', 'a', 'b', 'c'], 'scheme.names'],
    ['scheme.groups', { eyes: [0, 4] }, 'scheme.groups.eyes[1]'],
    ['scheme.groups', JSON.parse('{"__proto__": [0]}'), 'scheme.groups'],
    ['scheme.edges', [[0]], 'scheme.edges[0]'],
    ['scheme.edges', [[0, -1]], 'scheme.edges[0][1]'],
    ['scheme.mirror', [1, 2, 0, 3], 'scheme.mirror'],
    ['scheme.mirror', [1, 0, 2], 'scheme.mirror'],
    ['scheme.normalisingPair', [2, 2], 'scheme.normalisingPair'],
    ['scheme.pointCount', 0, 'scheme.pointCount'],
    ['scheme.normalisingPair', undefined, 'scheme.normalisingPair'],
    ['scheme.eyes', undefined, 'scheme.eyes'],
    ['scheme.eyes', [[], [1]], 'scheme.eyes[0]'],
    ['scheme.eyes', [[0, 1], [1]], 'scheme.eyes'],
    ['scheme.meanFace', [[0.5, 0.5]], 'scheme.meanFace'],
    ['scheme.meanFace', Array(4).fill([0.5, 1.5]), 'scheme.meanFace[0][1]'],
    ['scheme.eyes', [[0], [Number.NaN]], 'scheme.eyes[1][0]'],
    ['input.width', 1e6, 'input.width'],
    ['input.height', 8, 'input.height'],
    ['input.channels', 3, 'input.channels'],
    ['input.deviation', 0, 'input.deviation'],
    ['input.mean', '0.45', 'input.mean'],
    ['cropMargin', Infinity, 'mien.cropMargin'],
    ['output', {}, 'output.packed'],
    ['output.packed', '', 'output.packed'],
    ['output.values', 'heatmaps', 'output.values'],
    ['classroom', 'yes', 'mien.classroom'],
    ['calibration', { within1: 0.5 }, 'calibration.within2'],
    ['calibration', { within1: 68, within2: 95 }, 'calibration.within1'],
    ['presenceThreshold', 1.5, 'mien.presenceThreshold'],
    ['metrics', {}, 'mien.metrics'],
    ['metrics', [{ dataSet: 'x', crop: 'wish' }], 'metrics[0].crop'],
    ['provenance.dataSets', [{ name: 'x' }], 'provenance.dataSets[0].terms'],
  ];
  it.each(hostile)('with %s = %j is refused, naming the file and the field', (path, value, named) => {
    const error = errorOf(() => parseManifest(withField(path, value), 'tiny/model.json'));
    expect(error.code).toBe('bad-manifest');
    expect(error.message).toContain('tiny/model.json');
    expect(error.message).toContain(named);
  });

  it.each([null, 7, 'text', [], {}, { userDefinedMetadata: 3 }])('is not found in %j', (file) => {
    expect(errorOf(() => parseManifest(file, 'x.json')).code).toBe('bad-manifest');
  });

  it('is not read from inherited fields', () => {
    const file = Object.create(wellFormed()) as unknown;
    expect(errorOf(() => parseManifest(file, 'x.json')).code).toBe('bad-manifest');
  });
});

describe('a registry', () => {
  const hash = 'a'.repeat(64);
  const entry = (change: object = {}) => ({
    id: 'tiny',
    title: 'Tiny',
    family: 'regression',
    path: 'tiny/model.json',
    files: [{ path: 'tiny/model.json', bytes: 10, sha256: hash }],
    ...change,
  });
  const registry = (...models: unknown[]) => ({ formatVersion: 1, models });

  it('is read when it is well-formed', () => {
    const [plain, classroom] = parseRegistry(
      registry(entry(), entry({ id: 'nose', classroom: true })),
      'registry.json',
    );
    expect(plain).toMatchObject({ id: 'tiny', classroom: false });
    expect(classroom).toMatchObject({ id: 'nose', classroom: true });
  });

  const hostile: [string, unknown][] = [
    ['a step up', registry(entry({ path: '../x', files: [{ path: '../x', bytes: 1, sha256: hash }] }))],
    [
      'another host',
      registry(entry({ path: '//evil/x', files: [{ path: '//evil/x', bytes: 1, sha256: hash }] })),
    ],
    ['a model.json without a hash', registry(entry({ files: [] }))],
    ['a short hash', registry(entry({ files: [{ path: 'tiny/model.json', bytes: 1, sha256: 'abc' }] }))],
    ['no bytes', registry(entry({ files: [{ path: 'tiny/model.json', bytes: 0, sha256: hash }] }))],
    ['one id twice', registry(entry(), entry())],
    ['no model', registry()],
    ['another format', { formatVersion: 2, models: [entry()] }],
    ['a list', [entry()]],
  ];
  it.each(hostile)('with %s is refused', (_, value) => {
    const error = errorOf(() => parseRegistry(value, 'registry.json'));
    expect(error.code).toBe('bad-registry');
    expect(error.message).toContain('registry.json');
  });
});
