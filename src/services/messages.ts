/** What is said when something goes wrong, and what a person can do about it. The only place where errors become sentences. */

import { CameraError, type CameraProblem } from '../shared/camera/camera-error';
import { EngineError, type EngineErrorCode } from '../engine/errors';
import { StorageError } from '../shared/storage/storage-error';
import { unopenedMessage } from '../shared/storage/unopened-message';
import { errorMessage } from '../shared/format/error';

/** What a person can do about it. */
export type Action = 'retry' | 'sample' | 'first-model' | 'previous-model' | 'any-backend' | 'reload';

export interface Problem {
  /** For tests and bug reports. */
  readonly code: CameraProblem | EngineErrorCode | 'storage' | 'picture';
  readonly title: string;
  readonly text: string;
  /** The best first. */
  readonly actions: readonly Action[];
  /** Technical details: the error's own message. */
  readonly detail: string;
}

export const actionLabels: Readonly<Record<Action, string>> = {
  retry: 'Try again',
  sample: 'Use the sample instead',
  'first-model': 'Use the default model',
  'previous-model': 'Use the previous model',
  'any-backend': 'Choose automatically',
  reload: 'Reload the page',
};

type Message = Omit<Problem, 'code' | 'detail'>;

const cameraMessages: Readonly<Record<CameraProblem, Message>> = {
  denied: {
    title: 'The camera is not allowed',
    text:
      'This page may not use the camera. Allow it by the camera icon in the address bar, or in the settings of the ' +
      'browser and of the system, then try again. The picture stays on this device.',
    actions: ['retry', 'sample'],
  },
  withdrawn: {
    title: 'The camera is no longer allowed',
    text:
      'Permission was withdrawn while the camera was running, in the browser’s settings or because it was granted only ' +
      'once. Try again and the browser will ask again. The picture stays on this device.',
    actions: ['retry', 'sample'],
  },
  'no-camera': {
    title: 'No camera found',
    text: 'This device has no camera that the browser can see. Plug one in, or switch it on, then try again.',
    actions: ['retry', 'sample'],
  },
  'in-use': {
    title: 'The camera is in use',
    text: 'Another program or tab seems to hold the camera. Close it there, then try again.',
    actions: ['retry', 'sample'],
  },
  unplugged: {
    title: 'The camera went away',
    text: 'It was unplugged or switched off while it was running. Plug it in again, or go on with another one.',
    actions: ['retry', 'sample'],
  },
  insecure: {
    title: 'No camera at this address',
    text: 'Browsers give cameras only to pages from https addresses or from this computer. Open this page that way.',
    actions: ['sample', 'retry'],
  },
  'no-picture': {
    title: 'The camera sends no picture',
    text: 'It is on but stays dark. Look for a closed shutter or a switch on the device, then try again.',
    actions: ['retry', 'sample'],
  },
  unknown: {
    title: 'The camera did not start',
    text: 'The browser could not open the camera and gave a reason that Mien does not know.',
    actions: ['retry', 'sample'],
  },
};

const defect: Message = {
  title: 'Something broke',
  text: 'This should not happen. Trying again often helps; if it does not, reload the page.',
  actions: ['retry', 'reload'],
};

const engineMessages: Readonly<Record<EngineErrorCode, Message>> = {
  'model-missing': {
    title: 'The model is not there',
    text: 'The network that finds the landmarks is not where it should be. Another model may be.',
    actions: ['previous-model', 'first-model', 'retry'],
  },
  'hash-mismatch': {
    title: 'The model is damaged',
    text:
      'A file of the network is not the one this app was built with, so Mien will not run it. A broken download is the ' +
      'usual reason: reloading fetches it again.',
    actions: ['reload', 'previous-model', 'first-model'],
  },
  'download-failed': {
    title: 'The model could not be fetched',
    text: 'The network that finds the landmarks failed to load. Check the connection, then try again.',
    actions: ['retry', 'previous-model'],
  },
  'no-backend': {
    title: 'WebGL is unavailable',
    text:
      'The browser gives this page neither its graphics card nor another way to compute that works. Turn on hardware ' +
      'acceleration in the browser’s settings, or let Mien choose automatically.',
    actions: ['any-backend', 'retry'],
  },
  'context-lost': {
    title: 'The graphics card was lost',
    text: 'The browser or the system took the graphics card away and did not give it back.',
    actions: ['retry', 'reload'],
  },
  'wrong-results': {
    title: 'The graphics card gives wrong numbers',
    text:
      'A test at the start found points where they cannot be, as some drivers of graphics cards give them. Let Mien choose ' +
      'automatically, and it computes another way.',
    actions: ['any-backend', 'retry'],
  },
  'bad-registry': {
    title: 'The list of models cannot be read',
    text: 'The app was put together wrongly or a download broke off. Reloading fetches the list anew.',
    actions: ['reload'],
  },
  'bad-manifest': {
    title: 'The model cannot be read',
    text: 'Its description is incomplete, or made for another version of Mien.',
    actions: ['previous-model', 'first-model', 'reload'],
  },
  'bad-model': {
    title: 'The model does not run',
    text: 'Its network is not what its description says.',
    actions: ['previous-model', 'first-model', 'reload'],
  },
  'worker-failed': {
    title: 'The engine stopped or did not start',
    text: 'The part of the program that does the computing did not start, or it stopped.',
    actions: ['retry', 'reload'],
  },
  unresponsive: {
    title: 'The engine stopped responding',
    text: 'A calculation did not finish, perhaps because the graphics card hangs. Try again to start the engine anew.',
    actions: ['retry', 'any-backend', 'reload'],
  },
  'bad-image': defect,
  'bad-option': defect,
  disposed: defect,
  internal: defect,
};

/** Of storage, the engine wants nothing but the models of one's own. */
const storageMessages = (error: StorageError): Message => ({
  title: 'Your model cannot be read',
  text: unopenedMessage(error, 'Models of your own'),
  actions: ['reload', 'previous-model', 'first-model'],
});

/** Any thrown value as a problem. */
export function problemOf(thrown: unknown): Problem {
  const detail = errorMessage(thrown);
  if (thrown instanceof CameraError)
    return { code: thrown.problem, detail, ...cameraMessages[thrown.problem] };
  if (thrown instanceof StorageError) return { code: 'storage', detail, ...storageMessages(thrown) };
  const code = thrown instanceof EngineError ? thrown.code : 'internal';
  return { code, detail, ...engineMessages[code] };
}

/** What was thrown while a picture of Photos or a frame of a film was opened. */
export const pictureProblemOf = (thrown: unknown): Problem => ({
  code: 'picture',
  title: 'The picture cannot be shown',
  text:
    'A link to a picture or a film works only in the browser that has it. It may have been removed since, or its file ' +
    'cannot be read: the details say more.',
  actions: ['sample', 'retry'],
  detail: errorMessage(thrown),
});

/** The problem without the actions that would change nothing; trying again is always left. */
export function withoutActions(problem: Problem, useless: readonly Action[]): Problem {
  const actions = problem.actions.filter((action) => !useless.includes(action));
  return { ...problem, actions: actions.length ? actions : ['retry'] };
}
