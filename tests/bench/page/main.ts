/** The page behind `npm run evaluate`, `groups`, `bench` and `soak` and the tracking tests: the engine alone, called from Node. */
import { compare } from './compare';
import { close, engine, memory, open } from './engine';
import { evaluatePicture } from './evaluate';
import { detectGroup, groupPicture } from './group';
import { makeClip, trackClip, trackTwo } from './clip';
import { soak } from './soak';
import { measureStages } from './stages';

const bench = {
  open,
  engine,
  close,
  memory,
  evaluatePicture,
  detectGroup,
  groupPicture,
  makeClip,
  trackClip,
  trackTwo,
  measureStages,
  compare,
  soak,
};
export type BenchPage = typeof bench;

window.bench = bench;
