/** The face detectors' files. */

import type { FileRecord } from '../model/cache';
import type { DetectorName } from '../types';

export interface DetectorFiles {
  /** Of the graph among them. */
  readonly path: string;
  readonly files: readonly FileRecord[];
}

/** As in the README of each folder in `static/models`, which has the detector's name. */
export const DETECTORS: Readonly<Record<DetectorName, DetectorFiles>> = {
  blazeface: {
    path: 'blazeface/facemesh-detection-short.json',
    files: [
      {
        path: 'blazeface/facemesh-detection-short.json',
        bytes: 72779,
        sha256: '39a0a802cee9aeacd430e35b819f3a77f1440ca94747388a4147185a0bda7a03',
      },
      {
        path: 'blazeface/facemesh-detection-short.bin',
        bytes: 201268,
        sha256: 'e9b69ee1c1f8cd33c58120bcd75bf8c56bfba20c880f447e9d293ec102059d4b',
      },
    ],
  },
  'blazeface-covered': {
    path: 'blazeface-covered/blazeface.json',
    files: [
      {
        path: 'blazeface-covered/blazeface.json',
        bytes: 70427,
        sha256: '6942c58439161545cdfb058e036a636ed0bf7a3a9d4d62771407b1eaa2b5b8da',
      },
      {
        path: 'blazeface-covered/blazeface.bin',
        bytes: 201268,
        sha256: '78061e3d87909ea0677951210de6f6f995591d392b56ec279079844e9af09692',
      },
    ],
  },
};

export const ALL_DETECTOR_FILES: readonly FileRecord[] = Object.values(DETECTORS).flatMap(
  ({ files }) => files,
);
