/** The face detectors' files. */

import type { FileRecord } from '../model/cache';
import type { DetectorName } from '../types';

export interface DetectorFiles {
  /** Of the graph among them. */
  readonly path: string;
  readonly files: readonly FileRecord[];
  /** What they answer to the self-test's drawing (`answersOf`), to which a GPU is held at every start. */
  readonly selfTest: readonly number[];
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
    selfTest: [
      0.03944, -0.04437, -0.0199, 0.39281, 0.39281, -0.15043, -0.07277, -0.02031, -0.10816, -0.09558,
      -0.03186, -0.06924, 0.04246, -0.17652, -0.02021, 0.11229, -0.09022, 0.62634, -0.06373, 0.03144, 0.78557,
      0.78553, -0.24648, -0.14645, 0.09965, -0.17893, -0.0542, -0.00118, -0.03912, 0.18863, -0.41928,
      -0.03207, 0.27129, -0.10026,
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
    selfTest: [
      0.01688, -0.02631, -0.00578, 0.36274, 0.36274, -0.14201, -0.0796, -0.03794, -0.10493, -0.12184,
      -0.02618, -0.09512, 0.05732, -0.14967, -0.03133, 0.1343, -0.07054, 0.80736, -0.0542, 0.04379, 0.75071,
      0.75085, -0.22303, -0.14549, 0.09522, -0.13539, -0.09029, 0.04103, -0.08982, 0.21396, -0.37892,
      -0.10044, 0.29552, -0.06727,
    ],
  },
};

export const ALL_DETECTOR_FILES: readonly FileRecord[] = Object.values(DETECTORS).flatMap(
  ({ files }) => files,
);
