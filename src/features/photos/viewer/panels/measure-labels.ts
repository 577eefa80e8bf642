/** The measures of a face as text. */

import type { FaceMeasures } from '../../metrics/face-measures';

export interface MeasureLine {
  readonly name: string;
  readonly words: string;
  /** How it is measured. */
  readonly about: string;
}

const ratioDigits = 2;
const pxDigits = 1;

/** In the order in which they are shown; what cannot be computed is left out. */
export function measureLines(measures: FaceMeasures): MeasureLine[] {
  const { interOcularPx, rollRad, yawRad, pitchRad, eyeOpenings, mouthOpening } = measures;
  const line = (name: string, words: string | null, about: string) =>
    words === null ? [] : [{ name, words, about }];
  return [
    ...line(
      'Eye distance',
      interOcularPx === null ? null : `${interOcularPx.toFixed(pxDigits)} px`,
      'Between the outer corners of the eyes',
    ),
    ...line('Yaw', turned(yawRad, 'to the left', 'to the right'), 'Estimated by fitting a 3-D mean face'),
    ...line('Pitch', turned(pitchRad, 'down', 'up'), 'Estimated by fitting a 3-D mean face'),
    ...line('Roll', turned(rollRad, 'anticlockwise', 'clockwise'), 'Of the line between the eyes'),
    ...line(
      'Eyes open',
      eyeOpenings && eyeOpenings.map((opening) => opening.toFixed(ratioDigits)).join(' and '),
      'Height over width, the left of the picture first; 0 is shut',
    ),
    ...line(
      'Mouth open',
      mouthOpening === null ? null : mouthOpening.toFixed(ratioDigits),
      'Height over width of the inner lips; 0 is shut',
    ),
  ];
}

/** A turn in whole degrees: `12° to the left`. */
function turned(angleRad: number | null, negative: string, positive: string): string | null {
  if (angleRad === null) return null;
  const degrees = Math.round((angleRad * 180) / Math.PI);
  if (degrees === 0) return '0°';
  return `${Math.abs(degrees)}° ${degrees < 0 ? negative : positive}`;
}
