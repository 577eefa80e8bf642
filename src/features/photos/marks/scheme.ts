/** Changes of a scheme of a person's own, each a pure function, and what the overlay and the engine read of it. */

import type { Scheme } from '../../../engine/types';
import type { MarkPoint, MarkScheme } from '../types';

/** More points than any scheme in use; the panel lists them one by one. */
export const MAX_MARK_POINTS = 200;

type Pair = readonly [string, string];

/** Letters of a point's name: more do not fit beside it. */
export const MAX_NAME_LENGTH = 60;

/** Names of points as a person lists them, with commas between. */
export function listNames(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((name) => [...name.trim()].slice(0, MAX_NAME_LENGTH).join(''))
    .filter(Boolean);
}

/** Without points yet. */
export function newScheme(title: string, nowMs: number, id = schemeId(title)): MarkScheme {
  return { id, title, points: [], removed: [], pairs: [], lines: [], addedMs: nowMs };
}

/** Models that are taught are called by it: short, of letters and digits, and the same twice for nobody. */
function schemeId(title: string): string {
  const plain = title
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return `${plain.slice(0, 24) || 'points'}-${crypto.randomUUID().slice(0, 8)}`;
}

export const isFull = ({ points }: MarkScheme) => points.length >= MAX_MARK_POINTS;

function refuseFull(scheme: MarkScheme): void {
  if (isFull(scheme)) throw new Error(`${scheme.title}: holds at most ${MAX_MARK_POINTS} points`);
}

/** @throws when there are too many points */
export function addPoint(scheme: MarkScheme, name: string, id: string = crypto.randomUUID()): MarkScheme {
  refuseFull(scheme);
  return { ...scheme, points: [...scheme.points, { id, name: freeName(scheme, name) }] };
}

/** An empty name, or one that another point has, leaves it as it was. */
export function renamePoint(scheme: MarkScheme, id: string, name: string): MarkScheme {
  const trimmed = name.trim();
  if (!trimmed || scheme.points.some((point) => point.id !== id && point.name === trimmed)) return scheme;
  return {
    ...scheme,
    points: scheme.points.map((point) => (point.id === id ? { id, name: trimmed } : point)),
  };
}

/** @param step towards the end (1) or the beginning (−1) */
export function shiftPoint(scheme: MarkScheme, id: string, step: 1 | -1): MarkScheme {
  const points = [...scheme.points];
  const from = points.findIndex((point) => point.id === id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= points.length) return scheme;
  [points[from], points[to]] = [points[to], points[from]];
  return { ...scheme, points };
}

/** Takes a point out; its marks, its pair and its lines stay for the case that it comes back. */
export function removePoint(scheme: MarkScheme, id: string): MarkScheme {
  const point = scheme.points.find((one) => one.id === id);
  if (!point) return scheme;
  return { ...scheme, points: without(scheme.points, id), removed: [...scheme.removed, point] };
}

/** @throws when there are too many points */
export function restorePoint(scheme: MarkScheme, id: string): MarkScheme {
  const point = scheme.removed.find((one) => one.id === id);
  if (!point) return scheme;
  refuseFull(scheme);
  const points = [...scheme.points, { id, name: freeName(scheme, point.name) }];
  return { ...scheme, points, removed: without(scheme.removed, id) };
}

/** The point that becomes this one in a mirrored picture; null for one in the middle. */
export function partnerOf({ points, pairs }: MarkScheme, id: string): MarkPoint | null {
  const pair = pairs.find((one) => one.includes(id));
  return points.find((point) => pair?.includes(point.id) && point.id !== id) ?? null;
}

/** @param partner null for none */
export function setPartner(scheme: MarkScheme, id: string, partner: string | null): MarkScheme {
  const others = scheme.pairs.filter((pair) => !pair.includes(id) && !(partner && pair.includes(partner)));
  return { ...scheme, pairs: partner && partner !== id ? [...others, [id, partner]] : others };
}

const isLineOf = (one: string, other: string) => (line: Pair) => line.includes(one) && line.includes(other);

/** Joins two points by a line; those that are joined already stay as they are. */
export function joinPoints(scheme: MarkScheme, one: string, other: string): MarkScheme {
  if (one === other || scheme.lines.some(isLineOf(one, other))) return scheme;
  return { ...scheme, lines: [...scheme.lines, [one, other]] };
}

/** Takes the line between two points away. */
export function partPoints(scheme: MarkScheme, one: string, other: string): MarkScheme {
  const isSame = isLineOf(one, other);
  return { ...scheme, lines: scheme.lines.filter((line) => !isSame(line)) };
}

/** Pairs or lines between points that are there, as indices. */
function indicesOf({ points }: MarkScheme, pairs: readonly Pair[]): (readonly [number, number])[] {
  const indexOf = (id: string) => points.findIndex((point) => point.id === id);
  return pairs
    .map(([one, other]) => [indexOf(one), indexOf(other)] as const)
    .filter((pair) => !pair.includes(-1));
}

export const lineIndices = (scheme: MarkScheme) => indicesOf(scheme, scheme.lines);
export const pairIndices = (scheme: MarkScheme) => indicesOf(scheme, scheme.pairs);

/** As the overlay draws it. */
export function drawnScheme(scheme: MarkScheme): Scheme {
  const mirror = scheme.points.map((_, i) => i);
  for (const [one, other] of pairIndices(scheme)) [mirror[one], mirror[other]] = [other, one];
  return {
    id: scheme.id,
    pointCount: scheme.points.length,
    names: scheme.points.map(({ name }) => name),
    groups: {},
    edges: lineIndices(scheme),
    mirror,
    normalisingPair: null,
    eyes: null,
    meanFace: null,
  };
}

function without(points: readonly MarkPoint[], id: string): MarkPoint[] {
  return points.filter((point) => point.id !== id);
}

/** The name, with a number behind it where another point has it. */
function freeName({ points }: MarkScheme, wish: string): string {
  const name = wish.trim() || `Point ${points.length + 1}`;
  const isTaken = (one: string) => points.some((point) => point.name === one);
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}
