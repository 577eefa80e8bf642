/** What was learned from marked pictures, in plain words; never more than was measured. */

import type { LearnKind, LearnReport } from '../../engine/types';
import { formatQuantity } from './quantity';

/** Below this part of the error for each picture more, nobody would mark one for it. */
const WORTHWHILE_GAIN = 0.01;

const percent = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} %`;

/** The error on pictures that were left out of learning, in a few sentences. @param crop what led to it */
export function describeReport(
  { leaveOneOut, learned, pictures }: LearnReport,
  kind: LearnKind,
  crop: 'face' | 'box' = 'face',
): string {
  if (!leaveOneOut)
    return `Learned from ${formatQuantity(pictures, 'picture')}. How far off it is was not measured: that takes three at least.`;
  const { errorPct, spreadPct, plainErrorPct } = leaveOneOut;
  const error =
    `On pictures left out of learning its points were ${percent(errorPct)} of the ${crop === 'box' ? 'box' : 'face'}’s size off, ` +
    `give or take ${percent(spreadPct)} from picture to picture.`;
  const plain =
    kind === 'points'
      ? `The mean shape of the marks alone would be ${percent(plainErrorPct)} off.`
      : `The network’s own points were ${percent(plainErrorPct)} off.`;
  if (learned) return `${error} ${plain}`;
  const nothing =
    kind === 'points'
      ? 'It learned nothing that the mean shape of the marks does not say.'
      : 'It learned nothing about this face that the network does not know.';
  return `${nothing} ${error} ${plain}`;
}

/** What the last pictures brought, by the measured curve; null where that is too short to tell. */
export function describeTrend({ curve }: Pick<LearnReport, 'curve'>): string | null {
  const [before, last] = curve.slice(-2);
  if (!before || !last) return null;
  const from = `Learned from ${before.pictures} of them, it was ${percent(before.errorPct)} off; from ${last.pictures}, ${percent(last.errorPct)}.`;
  const gain = (before.errorPct - last.errorPct) / before.errorPct / (last.pictures - before.pictures);
  return `${from} ${gain >= WORTHWHILE_GAIN ? 'More pictures are worth marking.' : 'More of the same kind will change little.'}`;
}

/** Points that are farthest off, the worst first, with their errors. */
export function worstPoints(
  { leaveOneOut }: LearnReport,
  names: readonly string[],
  count: number,
): readonly { readonly name: string; readonly error: string }[] {
  const errors = (leaveOneOut?.perPointPct ?? []).flatMap((error, i) =>
    error === null ? [] : [{ name: names[i], errorPct: error }],
  );
  return errors
    .sort((one, other) => other.errorPct - one.errorPct)
    .slice(0, count)
    .map(({ name, errorPct }) => ({ name, error: percent(errorPct) }));
}
