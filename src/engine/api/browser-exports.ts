/** What the engine offers in browsers besides `createEngine`, whichever build makes that. */

export * from './exports';
export type { Engine } from './engine';
export type { LearnRequest, MarkedPicture } from '../teach-types';
