/**
 * The page behind `npm run evaluate`, `groups`, `bench` and `bench:photos`, the tracking tests and those of group
 * pictures: the engine alone, called from Node.
 */
import { compare } from './compare';
import { close, engine, open } from './engine';
import { evaluatePicture } from './evaluate';
import { breakOff, detectGroup, groupPicture } from './group';
import { comparePhotos } from './photos';
import { makeClip, trackClip, trackTwo } from './clip';
import { measureStages } from './stages';

const bench = {
  open,
  engine,
  close,
  evaluatePicture,
  breakOff,
  detectGroup,
  groupPicture,
  makeClip,
  trackClip,
  trackTwo,
  measureStages,
  compare,
  comparePhotos,
};
export type BenchPage = typeof bench;

window.bench = bench;
