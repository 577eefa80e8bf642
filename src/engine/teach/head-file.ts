/** A head as JSON: its numbers are 32-bit floats, little-endian, in base64. */

import type { Field } from '../model/parse';
import type { LearnKind } from '../types';
import { globalLength, localLength } from './features';
import type { Head } from './head';
import type { Projection } from './maps';

const STAGES = 4;
const MAX_CHANNELS = 4096;
const MAX_BASE_POINT = 1023;

export function formatHead(head: Head): object {
  if (head.kind === 'my-face') {
    const { nodes, identity, radius, shift } = head;
    return { node: nodes[0], identity: toBase64(identity), radius, shift: toBase64(shift) };
  }
  const { nodes, projections, basePoints, guess, refine, spread } = head;
  return {
    maps: nodes.map((node, stage) => {
      const { channels, kept, matrix } = projections[stage];
      return { node, channels, kept, matrix: toBase64(matrix) };
    }),
    basePoints,
    guess: toBase64(guess),
    refine: toBase64(refine),
    spread: toBase64(spread),
  };
}

/** @throws naming the field, where a part is missing or has another size. */
export function parseHead(field: Field, kind: LearnKind, pointCount: number): Head {
  if (kind === 'my-face') {
    return {
      kind,
      nodes: [field.get('node').text()],
      identity: fromBase64(field.get('identity'), null),
      radius: field.get('radius').number(0),
      shift: fromBase64(field.get('shift'), 2 * pointCount),
    };
  }
  const maps = field.get('maps').array(STAGES);
  const projections = maps.map(parseProjection);
  const basePoints = field
    .get('basePoints')
    .array()
    .map((index) => index.integer(0, MAX_BASE_POINT));
  return {
    kind,
    nodes: maps.map((map) => map.get('node').text()),
    projections,
    basePoints,
    guess: fromBase64(field.get('guess'), (globalLength(projections, basePoints) + 1) * 2 * pointCount),
    refine: fromBase64(field.get('refine'), (localLength(projections) + 1) * 2 * pointCount),
    spread: fromBase64(field.get('spread'), 2 * pointCount),
  };
}

function parseProjection(map: Field): Projection {
  const channels = map.get('channels').integer(1, MAX_CHANNELS);
  const kept = map.get('kept').integer(1, channels);
  return { channels, kept, matrix: fromBase64(map.get('matrix'), channels * kept) };
}

function toBase64(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
  let text = '';
  for (let i = 0; i < bytes.byteLength; i++) text += String.fromCharCode(bytes.getUint8(i));
  return btoa(text);
}

/** @param wanted how many there must be; null: any number. */
function fromBase64(field: Field, wanted: number | null): Float32Array {
  let text: string;
  try {
    text = atob(field.text());
  } catch {
    throw field.fail('numbers in base64');
  }
  const length = wanted ?? Math.floor(text.length / 4);
  if (length === 0 || text.length !== 4 * length) throw field.fail(`${length} 32-bit numbers in base64`);
  const bytes = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i++) bytes.setUint8(i, text.charCodeAt(i));
  const values = Float32Array.from({ length }, (_, i) => bytes.getFloat32(4 * i, true));
  if (!values.every(Number.isFinite)) throw field.fail('finite numbers');
  return values;
}
