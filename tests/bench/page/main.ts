/**
 * The page behind `npm run track`, `evaluate`, `teach`, `groups`, `bench` and `bench:photos`, the tracking tests and those of group
 * pictures: the engine alone, called from Node.
 */
import { tellAfterRest } from './after-rest';
import { countFacesFrom } from './beginnings';
import { compare } from './compare';
import { compareCropWays } from './crop-ways';
import { close, engine, open } from './engine';
import { evaluatePicture } from './evaluate';
import { breakOff, detectGroup, groupPicture } from './group';
import { detectPair, pairPicture, trackPairs } from './pairs';
import { comparePhotos } from './photos';
import { findByPeer, followBeside } from './peer';
import { makeFilm, readFilm, readFramesAt, readOpacity, recordFilm, remuxFilm } from './film';
import { detectSignals } from './labelled';
import { openStages } from './networks';
import { lookForFace, lookForNone } from './recall';
import { findByStages } from './stages-of-error';
import { trackHead } from './turning-head';
import { makeClip, trackClip, trackPassing, trackTwo } from './clip';
import { measureStages } from './stages';
import { findBase, findTaught, teach } from './teach';
import { findByTemplates, learnTemplates } from './templates';
import { trackFilm } from './track';

const bench = {
  open,
  engine,
  close,
  evaluatePicture,
  breakOff,
  detectGroup,
  groupPicture,
  makeFilm,
  readFilm,
  readFramesAt,
  readOpacity,
  recordFilm,
  remuxFilm,
  trackFilm,
  makeClip,
  trackClip,
  trackPassing,
  countFacesFrom,
  trackHead,
  trackTwo,
  measureStages,
  compare,
  compareCropWays,
  detectSignals,
  tellAfterRest,
  openStages,
  findByStages,
  lookForFace,
  lookForNone,
  findByPeer,
  followBeside,
  detectPair,
  pairPicture,
  trackPairs,
  comparePhotos,
  findBase,
  findTaught,
  teach,
  findByTemplates,
  learnTemplates,
};
export type BenchPage = typeof bench;

window.bench = bench;
