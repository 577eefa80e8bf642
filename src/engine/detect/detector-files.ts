/** The face detector's files. */

const FOLDER = 'blazeface';
export const DETECTOR_PATH = `${FOLDER}/facemesh-detection-short.json`;
/** As in `static/models/blazeface/README.md`. */
export const DETECTOR_FILES = [
  {
    path: DETECTOR_PATH,
    bytes: 72779,
    sha256: '39a0a802cee9aeacd430e35b819f3a77f1440ca94747388a4147185a0bda7a03',
  },
  {
    path: `${FOLDER}/facemesh-detection-short.bin`,
    bytes: 201268,
    sha256: 'e9b69ee1c1f8cd33c58120bcd75bf8c56bfba20c880f447e9d293ec102059d4b',
  },
] as const;
