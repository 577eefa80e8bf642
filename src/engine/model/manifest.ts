/** The manifest inside model.json and the registry beside it: unknown to typed, or an error naming file and field. */

import { EngineError } from '../errors';
import { Field } from './parse';
import { parseScheme, parseUprightWeights } from './scheme';
import type { Calibration, Manifest, Metric, RegistryEntry, Scheme, YawBin } from '../types';

/** Where the manifest sits in a model.json. */
const PLACE = 'userDefinedMetadata.mien';
const MAX_BYTES = 256 * 1024 * 1024;
/** See `presenceInPictures`. */
const MIN_PRESENCE_WITHOUT_POSES = 0.95;

/**
 * Reads `userDefinedMetadata.mien` of a parsed model.json.
 * @param file the file's name or address, for the message.
 * @throws EngineError `bad-manifest`, naming the file and the field.
 */
export function parseManifest(modelJson: unknown, file: string): Manifest {
  const root = Field.root(file, modelJson, (message) => new EngineError('bad-manifest', message));
  const mien = root.get('userDefinedMetadata').get('mien');
  if (mien.value === undefined) {
    throw new EngineError(
      'bad-manifest',
      `${file}: ${PLACE} is missing; only models exported by Mien's training carry it`,
    );
  }
  const scheme = parseScheme(mien.get('scheme'));
  return {
    formatVersion: mien.get('formatVersion').oneOf(1),
    id: parseId(mien.get('id')),
    title: mien.get('title').text(),
    family: parseFamily(mien),
    classroom: parseClassroom(mien),
    scheme,
    uprightWeights: parseUprightWeights(mien.get('scheme'), scheme),
    input: parseInput(mien.get('input')),
    cropMargin: mien.get('cropMargin').number(0.5, 4),
    output: parseOutput(mien.get('output')),
    presenceThreshold: mien.get('presenceThreshold').number(0, 1),
    parameters: mien.get('parameters').integer(),
    multiplyAdds: mien.get('multiplyAdds').integer(),
    metrics: mien.get('metrics').array().map(parseMetric),
    calibration: mien.get('calibration').optional(parseCalibration) ?? null,
    provenance: parseProvenance(mien.get('provenance')),
    selfTest: mien.get('selfTest').optional((list) => parseSelfTest(list, scheme)) ?? null,
  };
}

/** @throws EngineError `bad-registry`, naming the file and the field. */
export function parseRegistry(value: unknown, file: string): RegistryEntry[] {
  const root = Field.root(file, value, (message) => new EngineError('bad-registry', message));
  root.get('formatVersion').oneOf(1);
  const list = root.get('models');
  const entries = list.array().map(parseEntry);
  if (entries.length === 0) throw list.fail('a list with at least one model');
  const ids = entries.map((entry) => entry.id);
  if (new Set(ids).size !== ids.length) throw list.fail('a list of unique ids');
  return entries;
}

/**
 * The eyes by which a face's points give its next crop, upright and as large as the face; null where they cannot: the points
 * show no eyes, or no presence tells when the face has left its crop. The detector then has to find every crop.
 */
export function leadingEyes({
  scheme,
  output,
}: {
  readonly scheme: Pick<Scheme, 'eyes'>;
  readonly output: Pick<Manifest['output'], 'values'>;
}): Scheme['eyes'] {
  return output.values === 'points' ? null : scheme.eyes;
}

/**
 * Presence from which on a search of a whole picture takes what the detector proposes for a face. Models that tell the roll of a
 * head in any pose (`uprightWeights`) were taught presence without the shortcut "black surroundings mean no face", and have one
 * threshold for live frames and pictures. The older ones are asked for more: as `npm run groups` measures it, 24 faces cut by a
 * quarter had 0.968 and more, 12 proposals in pictures without faces up to 0.914. Of a model that tells no presence it is what the
 * detector's score is held to, and stays as it is.
 */
export function presenceInPictures({
  presenceThreshold,
  uprightWeights,
  output,
}: Pick<Manifest, 'presenceThreshold'> & {
  readonly uprightWeights?: Manifest['uprightWeights'];
  readonly output: Pick<Manifest['output'], 'values'>;
}): number {
  return uprightWeights || output.values === 'points'
    ? presenceThreshold
    : Math.max(presenceThreshold, MIN_PRESENCE_WITHOUT_POSES);
}

/** Values that the packed vector holds for each point; presence follows where there are more than two. */
export const VALUES_PER_POINT: Readonly<Record<Manifest['output']['values'], 2 | 3 | 4>> = {
  points: 2,
  'points-spread-presence': 3,
  'points-spread-visible-presence': 4,
};

/** Values that the packed vector holds for one face. */
export function packedLength({ scheme: { pointCount }, output: { values } }: Manifest): number {
  const perPoint = VALUES_PER_POINT[values];
  return perPoint * pointCount + (perPoint > 2 ? 1 : 0);
}

function parseEntry(field: Field): RegistryEntry {
  const files = field
    .get('files')
    .array()
    .map((file) => ({
      path: parsePath(file.get('path')),
      bytes: file.get('bytes').integer(1, MAX_BYTES),
      sha256: parseHash(file.get('sha256')),
    }));
  const path = parsePath(field.get('path'));
  if (!files.some((file) => file.path === path))
    throw field.get('files').fail(`a list with an entry for ${path}`);
  const learning = field.get('learning').optional(parsePath);
  return {
    id: parseId(field.get('id')),
    title: field.get('title').text(),
    family: parseFamily(field),
    classroom: parseClassroom(field),
    path,
    files,
    ...(learning === undefined ? {} : { learning }),
  };
}

const parseFamily = (field: Field) => field.get('family').oneOf('regression', 'heatmap');

const parseClassroom = (field: Field) => field.get('classroom').optional((flag) => flag.boolean()) ?? false;

/** Ids become folder names and addresses. */
function parseId(field: Field): string {
  const id = field.text();
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(id))
    throw field.fail('a short name of letters, digits, dots and dashes');
  return id;
}

/** A path below the registry: no scheme, no root, no step up. */
function parsePath(field: Field): string {
  const path = field.text();
  const plain = path.split('/').every((part) => /^[\w-][\w.-]*$/.test(part));
  if (!plain) throw field.fail('a path below its folder');
  return path;
}

function parseHash(field: Field): string {
  const hash = field.text();
  if (!/^[0-9a-f]{64}$/.test(hash)) throw field.fail('64 hexadecimal digits');
  return hash;
}

function parseInput(field: Field): Manifest['input'] {
  return {
    name: field.get('name').text(),
    width: field.get('width').integer(16, 1024),
    height: field.get('height').integer(16, 1024),
    channels: field.get('channels').oneOf(1),
    mean: field.get('mean').number(),
    deviation: field.get('deviation').number(1e-6),
  };
}

function parseOutput(field: Field): Manifest['output'] {
  const values = field
    .get('values')
    .optional((word) => word.oneOf('points-spread-presence', 'points-spread-visible-presence', 'points'));
  const heatmaps = field.get('heatmaps').optional((name) => name.text());
  return {
    values: values ?? 'points-spread-presence',
    packed: field.get('packed').text(),
    ...(heatmaps === undefined ? {} : { heatmaps }),
  };
}

/** A number that a file of before may lack. */
const optionalNumber = (field: Field, name: string) =>
  field.get(name).optional((at) => at.nullable((value) => value.number(0))) ?? null;

function parseMetric(field: Field): Metric {
  const percentage = (name: string, high = Infinity) => field.get(name).nullable((at) => at.number(0, high));
  const regions = field
    .get('regions')
    .optional((named) => named.entries().map(([name, error]) => [name, error.number(0)] as const));
  return {
    dataSet: field.get('dataSet').text(),
    crop: field.get('crop').oneOf('truth', 'detector'),
    images: field.get('images').integer(1),
    nmeInterOcularPct: percentage('nmeInterOcularPct'),
    nmeBoxPct: field.get('nmeBoxPct').number(0),
    failureRate8Pct: percentage('failureRate8Pct', 100),
    auc8Pct: percentage('auc8Pct', 100),
    regions: Object.fromEntries(regions ?? []),
    nmeInnerBoxPct: optionalNumber(field, 'nmeInnerBoxPct'),
    misses: optionalNumber(field, 'misses'),
    yawBins: field.get('yawBins').optional((list) => list.array().map(parseYawBin)) ?? [],
    ...(field.get('shapeOnly').optional((flag) => flag.boolean()) && { shapeOnly: true as const }),
  };
}

function parseYawBin(field: Field): YawBin {
  return {
    yawDeg: field.get('yawDeg').text(),
    images: field.get('images').integer(1),
    nmeInterOcularPct: optionalNumber(field, 'nmeInterOcularPct'),
    nmeBoxPct: optionalNumber(field, 'nmeBoxPct'),
    nmeInnerBoxPct: optionalNumber(field, 'nmeInnerBoxPct'),
    misses: optionalNumber(field, 'misses'),
  };
}

const parseSelfTest = (list: Field, { pointCount }: Scheme) =>
  list.array(2 * pointCount).map((value) => value.number());

function parseCalibration(field: Field): Calibration {
  const share = (name: string) => field.get(name).number(0, 1);
  return { within1: share('within1'), within2: share('within2') };
}

function parseProvenance(field: Field): Manifest['provenance'] {
  return {
    dataSets: field
      .get('dataSets')
      .array()
      .map((set) => ({ name: set.get('name').text(), terms: set.get('terms').text() })),
    config: field.get('config').text(),
    seed: field.get('seed').integer(),
    commit: field.get('commit').text(),
    date: field.get('date').text(),
  };
}
