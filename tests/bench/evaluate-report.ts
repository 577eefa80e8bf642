/** What `npm run evaluate` says of a set. */
import type { Judged, SetSummary } from './set-summary';
import { summariseSet } from './set-summary';
import type { PartialError } from './face-error';
import { formatNumber, formatTable } from './table';

/** Who or what is measured: a row of the tables. */
export interface Way {
  readonly label: string;
  readonly model: string;
  readonly crop: string;
}

export interface PictureReport extends Partial<PartialError> {
  readonly picture: string;
  readonly missed: boolean;
  /** Why, where it is known. */
  readonly why?: MissCause;
  /** Faces found. */
  readonly faces: number;
  /** Null where the way is not timed. */
  readonly ms: number | null;
  readonly yawDeg: number | null;
}

/**
 * `detector`: it proposed nothing. `presence`: the face is found once presence is ignored. `wrong face`: only others were found.
 */
export type MissCause = 'detector' | 'presence' | 'wrong face';

export interface SetReport extends SetSummary {
  readonly model: string;
  readonly crop: string;
  /** The last three folder names: `300w/lfpw/testset`. */
  readonly dataSet: string;
  readonly backend: string;
  /** Mean time per face found; null where it is not timed. */
  readonly msPerFace: number | null;
  readonly pictures: readonly PictureReport[];
}

export function reportSet(
  way: Way,
  dataSet: string,
  backend: string,
  pictures: readonly PictureReport[],
): SetReport {
  const judged = pictures.map((picture): Judged => {
    const error = picture.missed ? null : (picture as PictureReport & PartialError);
    return { error, yawDeg: picture.yawDeg };
  });
  const faces = pictures.reduce((sum, picture) => sum + picture.faces, 0);
  const isTimed = faces > 0 && pictures.every(({ ms }) => ms !== null);
  const { model, crop } = way;
  return {
    ...{ model, crop, dataSet, backend },
    ...summariseSet(judged),
    msPerFace: isTimed ? pictures.reduce((sum, { ms }) => sum + (ms ?? 0), 0) / faces : null,
    pictures,
  };
}

const cell = (value: number | null): string => (value === null ? '–' : formatNumber(value));

/** One row a report. */
export function formatReports(rows: readonly (readonly [string, SetReport])[]): string {
  const bins = rows[0][1].yawBins;
  const head = [
    ...['', 'pictures', 'missed', 'inter-ocular %', 'box %', 'inner box %'],
    ...bins.map(({ yawDeg }) => `${yawDeg}° (faces; missed)`),
    'ms a face',
  ];
  const body = rows.map(([label, report]) => [
    ...[label, String(report.images), String(report.misses)],
    ...[cell(report.nmeInterOcularPct), cell(report.nmeBoxPct), cell(report.nmeInnerBoxPct)],
    ...report.yawBins.map((bin) => `${cell(bin.nmeInnerBoxPct)} (${bin.images}; ${bin.misses})`),
    cell(report.msPerFace),
  ]);
  return formatTable([head, ...body]);
}

/** Regions and shares of one report, where there is an inter-ocular error. */
export function formatDetails({ regions, failureRate8Pct, auc8Pct }: SetReport): string {
  const parts = Object.entries(regions).map(([name, value]) => `${name} ${formatNumber(value)}`);
  if (failureRate8Pct !== null) parts.push(`failure rate at 8 % ${formatNumber(failureRate8Pct)}`);
  if (auc8Pct !== null) parts.push(`AUC at 8 % ${formatNumber(auc8Pct)}`);
  return parts.join(', ');
}

/** How many were missed for what reason. */
export function formatCauses(pictures: readonly PictureReport[]): string {
  const causes: MissCause[] = ['detector', 'presence', 'wrong face'];
  const counts = causes.map((cause) => `${cause} ${pictures.filter(({ why }) => why === cause).length}`);
  return `missed because of: ${counts.join(', ')}`;
}
