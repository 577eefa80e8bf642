/** Errors of single pictures brought together: over a set, and by how far the head is turned. */
import type { YawBin } from '../../src/engine/types';
import { FAILURE_PCT } from '../../src/features/photos/metrics/measure';
import { mean, type PartialError } from './face-error';

/** One picture's error, null where its face was missed. */
export interface Judged {
  readonly error: PartialError | null;
  /** Of the rigid fit to the true points; null where these are too few for one. */
  readonly yawDeg: number | null;
}

/** Means over the pictures whose face was not missed; null where no picture has the measure. */
export interface SetSummary {
  readonly images: number;
  readonly misses: number;
  readonly nmeInterOcularPct: number | null;
  readonly nmeBoxPct: number | null;
  readonly nmeInnerBoxPct: number | null;
  /**
   * Share of faces whose inter-ocular NME is above 8 %, misses counted with them, and the area under the curve up to there, %.
   * Null unless every face that was not missed has that NME.
   */
  readonly failureRate8Pct: number | null;
  readonly auc8Pct: number | null;
  readonly regions: Readonly<Record<string, number>>;
  readonly yawBins: readonly YawBin[];
}

const BINS = [
  [0, 30],
  [30, 60],
  [60, 90],
] as const;

/** The mean of those that are known; null where none is. */
function meanKnown(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  return known.length > 0 ? mean(known) : null;
}

/**
 * The bins of |yaw| that hold faces, as manifests have them: from ≤ |yaw| < to, the last holds 90 too. Means are of the faces not
 * missed; null where no such face has the measure.
 */
export function binByYaw(faces: readonly Judged[]): YawBin[] {
  return BINS.map(([from, to]) => {
    const inside = faces.filter(({ yawDeg }) => {
      const yaw = Math.abs(yawDeg ?? NaN);
      return yaw >= from && (yaw < to || (to === 90 && yaw === to));
    });
    return {
      yawDeg: `${from}-${to}`,
      images: inside.length,
      misses: inside.filter(({ error }) => error === null).length,
      nmeInterOcularPct: meanKnown(inside.map(({ error }) => error?.nmeInterOcularPct)),
      nmeBoxPct: meanKnown(inside.map(({ error }) => error?.nmeBoxPct)),
      nmeInnerBoxPct: meanKnown(inside.map(({ error }) => error?.nmeInnerBoxPct)),
    };
  }).filter(({ images }) => images > 0);
}

export function summariseSet(faces: readonly Judged[]): SetSummary {
  const found = faces.map(({ error }) => error).filter((error) => error !== null);
  const interOcular = found.map((error) => error.nmeInterOcularPct).filter((value) => value !== null);
  const isWhole = interOcular.length > 0 && interOcular.length === found.length;
  const misses = faces.length - found.length;
  const failed = misses + interOcular.filter((value) => value > FAILURE_PCT).length;
  const area = interOcular.reduce((sum, value) => sum + Math.max(0, 1 - value / FAILURE_PCT), 0);
  const names = [...new Set(found.flatMap(({ regions }) => Object.keys(regions)))];
  return {
    images: faces.length,
    misses,
    nmeInterOcularPct: meanKnown(interOcular),
    nmeBoxPct: meanKnown(found.map((error) => error.nmeBoxPct)),
    nmeInnerBoxPct: meanKnown(found.map((error) => error.nmeInnerBoxPct)),
    failureRate8Pct: isWhole ? (100 * failed) / faces.length : null,
    auc8Pct: isWhole ? (100 * area) / faces.length : null,
    regions: Object.fromEntries(
      names.map((name) => [name, meanKnown(found.map(({ regions }) => regions[name])) ?? 0]),
    ),
    yawBins: binByYaw(faces),
  };
}
