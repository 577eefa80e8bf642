/** The result of a frame as other pages get it: no picture and no points. */

import type { Box, Result } from '../../../engine/types';
import type { SignalsMessage } from '../../../shared/formats/signals/message';
import { rounded } from '../../../shared/formats/names';
import { signalsRecord } from '../../../shared/formats/signals/record';

export function streamedResult({ timeMs, width, height, faces }: Result, mirrored: boolean): SignalsMessage {
  return {
    ...{ type: 'mien:signals', version: 1, timeMs: rounded(timeMs), width, height, mirrored },
    faces: faces.map(({ id, score, box, signals }) => ({
      ...{ id, score: rounded(score), box: roundedBox(box) },
      ...(signals && { signals: signalsRecord(signals) }),
    })),
  };
}

const roundedBox = ({ x, y, width, height }: Box<'image'>) => ({
  ...{ x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) },
});
