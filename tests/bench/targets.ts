/** What the bench holds results against: annotated pictures, with the points that nobody placed as a fitted face has them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findEntry } from '../../src/engine/model/fetch';
import { parseManifest, parseRegistry } from '../../src/engine/model/manifest';
import type { Box, Manifest } from '../../src/engine/types';
import meanFaces from '../../training/mien/mean-face-3d.json';
import { root } from '../e2e/browser';
import { boxOfPartial, isThere } from './face-error';
import type { Sample } from './pts';
import { fitRigid } from './rigid-fit';

/** A sample with what is known of its face. */
export interface Target extends Sample {
  /** Of the points there are. */
  readonly box: Box<'image'>;
  /** All points: those that are missing as the fitted mean face has them. */
  readonly whole: readonly number[];
  readonly yawDeg: number | null;
}

/** Manifest of a shipped model. @throws listing the available ids. */
export async function readManifest(id: string | undefined): Promise<Manifest> {
  const models = join(root, 'static', 'models');
  const registry = join(models, 'registry.json');
  const { path } = findEntry(parseRegistry(JSON.parse(await readFile(registry, 'utf8')), registry), id);
  return parseManifest(JSON.parse(await readFile(join(models, path), 'utf8')), path);
}

/** @throws naming the picture whose points are too few for a fit. */
export function toTarget(sample: Sample, { scheme: { id } }: Manifest): Target {
  const solid = (meanFaces as Record<string, number[][]>)[id];
  const fit = solid ? fitRigid(sample.points, solid) : null;
  const whole = [...sample.points].map((value, i) =>
    isThere(sample.points, i >> 1) ? value : (fit?.laid[i] ?? NaN),
  );
  if (!whole.every(Number.isFinite))
    throw new Error(`${sample.name}: too few points to say where the others lie`);
  return { ...sample, box: boxOfPartial(sample.points), whole, yawDeg: fit?.yawDeg ?? null };
}
