/** The measures of a face as text. */

import type { Points, Scheme, Signals } from '../../../../engine/types';
import { hasSignals } from '../../../../engine/signals/told';
import {
  formatSignal,
  measuredGroups,
  poseKinds,
  strongMovements,
  type SignalGroup,
} from '../../../../shared/format/signal-kinds';
import { hasMissing } from '../../../../shared/missing-points';
import type { FaceMeasures } from '../../metrics/face-measures';

export interface MeasureLine {
  readonly name: string;
  readonly words: string;
  /** How it is measured. */
  readonly about: string;
}

const ratioDigits = 2;
const pxDigits = 1;
const rollKind = poseKinds.find(({ id }) => id === 'roll')!;

const line = (name: string, words: string | null, about: string): MeasureLine[] =>
  words === null ? [] : [{ name, words, about }];

/** Of every face. */
export function lengthLines({ interOcularPx }: Pick<FaceMeasures, 'interOcularPx'>): MeasureLine[] {
  const words = interOcularPx === null ? null : `${interOcularPx.toFixed(pxDigits)} px`;
  return line('Eye distance', words, 'Between the outer corners of the eyes');
}

/** Of a face that has no signals: what its points tell as they lie in the picture. What they do not is left out. */
export function flatLines({ rollDeg, eyeRatios, mouthRatio }: FaceMeasures): MeasureLine[] {
  const formatRatio = (ratio: number) => ratio.toFixed(ratioDigits);
  return [
    ...line(
      'Roll',
      rollDeg === null ? null : formatSignal(rollKind, rollDeg),
      'Of the line between the eyes',
    ),
    ...line(
      'Eyes, height over width',
      eyeRatios && eyeRatios.map(formatRatio).join(' and '),
      'The left of the picture first; 0 is shut',
    ),
    ...line(
      'Mouth, height over width',
      mouthRatio === null ? null : formatRatio(mouthRatio),
      'Of the inner lips; 0 is shut',
    ),
  ];
}

/** What is told, by its parts; what takes a missing point is left out. */
export function toldGroups(signals: Signals): SignalGroup[] {
  return measuredGroups({ gaze: false })
    .map(({ title, kinds }) => ({
      title,
      kinds: kinds.filter((kind) => Number.isFinite(kind.read(signals))),
    }))
    .filter(({ kinds }) => kinds.length > 0);
}

/** ARKit's names of the strong movements, the strongest first; null where the expression is not told. */
export function toldMovements({ expression }: Signals): string[] | null {
  return Object.values(expression).some(Number.isNaN) ? null : strongMovements(expression);
}

/** Why something is not told, in a sentence; null where all is. */
export function reasonNotTold(
  signals: Signals | undefined,
  points: Points<'image'>,
  scheme: Scheme,
): string | null {
  if (!hasSignals(scheme))
    return 'Yaw, pitch and expression are told from 68 points, and this model has others.';
  if (!signals)
    return hasMissing(points)
      ? 'Too many points are missing to tell how the head is turned.'
      : 'These points fit no head, so that pose and expression are not told.';
  const kinds = measuredGroups({ gaze: false }).flatMap((group) => group.kinds);
  const labels = kinds.filter((kind) => Number.isNaN(kind.read(signals))).map(({ label }) => label);
  if (!toldMovements(signals)) labels.push('Expression');
  return labels.length ? `Not told, since points are missing: ${labels.join(', ')}.` : null;
}
