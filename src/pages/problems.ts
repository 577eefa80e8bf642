/** The words for everything that can go wrong, and the ways on. The only place where errors become sentences. */

import { CameraError, type CameraProblem } from '../camera/camera-error';
import { EngineError, type EngineErrorCode } from '../engine/errors';
import { StorageError } from '../storage/storage-error';
import { unopenedWords } from '../storage/unopened-words';

/** What a person can do about it. */
export type Way = 'retry' | 'sample' | 'first-model' | 'former-model' | 'any-backend' | 'reload';

export interface Problem {
  /** For tests and bug reports. */
  readonly code: CameraProblem | EngineErrorCode | 'storage';
  readonly title: string;
  readonly text: string;
  /** The best first. */
  readonly ways: readonly Way[];
  /** What the program says, for those who want to know. */
  readonly detail: string;
}

export const wayLabels: Readonly<Record<Way, string>> = {
  retry: 'Try again',
  sample: 'Use the sample instead',
  'first-model': 'Use the standard model',
  'former-model': 'Go back to the model before',
  'any-backend': 'Use whatever works here',
  reload: 'Reload the page',
};

type Words = Omit<Problem, 'code' | 'detail'>;

const cameraWords: Readonly<Record<CameraProblem, Words>> = {
  denied: {
    title: 'The camera is not allowed',
    text:
      'This page may not use the camera. Allow it by the camera sign in the address bar, or in the settings of the ' +
      'browser and of the system, then try again. The picture stays on this device.',
    ways: ['retry', 'sample'],
  },
  withdrawn: {
    title: 'The camera is no longer allowed',
    text:
      'Its permission was taken back while it was running, in the settings of the browser or because it was given for ' +
      'once. Try again, and the browser asks for it anew. The picture stays on this device.',
    ways: ['retry', 'sample'],
  },
  'no-camera': {
    title: 'No camera found',
    text: 'This device has no camera that the browser can see. Plug one in, or switch it on, then try again.',
    ways: ['retry', 'sample'],
  },
  'in-use': {
    title: 'The camera is in use',
    text: 'Another program or tab seems to hold the camera. Close it there, then try again.',
    ways: ['retry', 'sample'],
  },
  unplugged: {
    title: 'The camera went away',
    text: 'It was unplugged or switched off while it was running. Plug it in again, or go on with another one.',
    ways: ['retry', 'sample'],
  },
  insecure: {
    title: 'No camera at this address',
    text: 'Browsers give cameras only to pages from https addresses or from this computer. Open this page that way.',
    ways: ['sample', 'retry'],
  },
  'no-picture': {
    title: 'The camera sends no picture',
    text: 'It is on but stays dark. Look for a closed shutter or a switch on the device, then try again.',
    ways: ['retry', 'sample'],
  },
  unknown: {
    title: 'The camera did not start',
    text: 'The browser could not open the camera and gave a reason that Mien does not know.',
    ways: ['retry', 'sample'],
  },
};

const defect: Words = {
  title: 'Something broke',
  text: 'This should not happen. Trying again often helps; if it does not, reload the page.',
  ways: ['retry', 'reload'],
};

const engineWords: Readonly<Record<EngineErrorCode, Words>> = {
  'model-missing': {
    title: 'The model is not there',
    text: 'The network that finds the landmarks is not where it should be. Another model may be.',
    ways: ['former-model', 'first-model', 'retry'],
  },
  'hash-mismatch': {
    title: 'The model is damaged',
    text:
      'A file of the network is not the one this app was made with, so it is not run. A broken download is the usual ' +
      'reason: reloading fetches it anew.',
    ways: ['reload', 'former-model', 'first-model'],
  },
  'download-failed': {
    title: 'The model could not be fetched',
    text: 'The network that finds the landmarks did not arrive. Check the connection, then try again.',
    ways: ['retry', 'former-model'],
  },
  'no-backend': {
    title: 'No WebGL here',
    text:
      'The browser gives this page neither its graphics card nor another way to compute that works. Switch on ' +
      'hardware acceleration in the settings of the browser, or let Mien take whatever works.',
    ways: ['any-backend', 'retry'],
  },
  'context-lost': {
    title: 'The graphics card was lost',
    text: 'The browser or the system took the graphics card away and did not give it back.',
    ways: ['retry', 'reload'],
  },
  'bad-registry': {
    title: 'The list of models cannot be read',
    text: 'The app was put together wrongly or a download broke off. Reloading fetches the list anew.',
    ways: ['reload'],
  },
  'bad-manifest': {
    title: 'The model cannot be read',
    text: 'Its description is incomplete, or made for another version of Mien.',
    ways: ['former-model', 'first-model', 'reload'],
  },
  'bad-model': {
    title: 'The model does not run',
    text: 'Its network is not what its description says.',
    ways: ['former-model', 'first-model', 'reload'],
  },
  'worker-failed': {
    title: 'The engine did not start',
    text: 'The part of the program that computes could not be started, or stopped.',
    ways: ['retry', 'reload'],
  },
  'bad-image': defect,
  'bad-option': defect,
  disposed: defect,
  internal: defect,
};

/** Of storage, the engine wants nothing but the models of one's own. */
const storageWords = (error: StorageError): Words => ({
  title: 'Your model cannot be read',
  text: unopenedWords(error, 'Models of your own'),
  ways: ['reload', 'former-model', 'first-model'],
});

/** Any thrown value as words. */
export function problemOf(thrown: unknown): Problem {
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof CameraError) return { code: thrown.problem, detail, ...cameraWords[thrown.problem] };
  if (thrown instanceof StorageError) return { code: 'storage', detail, ...storageWords(thrown) };
  const code = thrown instanceof EngineError ? thrown.code : 'internal';
  return { code, detail, ...engineWords[code] };
}

/** The problem without the ways that would change nothing; trying again is always left. */
export function withoutWays(problem: Problem, useless: readonly Way[]): Problem {
  const ways = problem.ways.filter((way) => !useless.includes(way));
  return { ...problem, ways: ways.length ? ways : ['retry'] };
}
