/** `Engine.learn` over a pipeline: one short step after the other. */

import { EngineError } from '../errors';
import { badOption, checkArray, isRecord } from '../bad-option';
import { checkBoxes } from '../options';
import type { Pipeline } from '../pipeline/types';
import type { Learned, LearnOptions, LearnRequest, MarkedPicture } from '../teach-types';
import type { ThreadName } from '../types';
import { isBitmap, openPicture, ownPicture, reading, type OpenPicture } from './pictures';

/** Runs one step in the engine's queue; `drop` frees what the step holds when it is never run. */
type Enqueue = <T>(step: () => Promise<T>, drop?: () => void) => Promise<T>;

/** @throws as `Engine.learn`. */
export async function learnOver(
  pipeline: Pipeline,
  enqueue: Enqueue,
  thread: ThreadName,
  request: LearnRequest,
  { signal, onProgress = () => {}, turn = (step) => step() }: LearnOptions,
): Promise<Learned> {
  const crop = checkMarks(request);
  const { marked, ...what } = request;
  const step = <T>(run: () => Promise<T>, drop?: () => void): Promise<T> => {
    signal?.throwIfAborted();
    return turn(() => enqueue(run, drop));
  };
  try {
    await step(() => pipeline.learnStart({ ...what, crop, count: marked.length }));
    for (const [i, { picture, at, points }] of marked.entries()) {
      onProgress({ kind: 'pictures', done: i, total: marked.length });
      const { hand, drop } = await open(picture, thread);
      await reading('picture', () => step(() => pipeline.learnFrom(hand(), { at, points }), drop), drop);
      while ((await step(() => pipeline.learnRead())) < 1) signal?.throwIfAborted();
    }
    onProgress({ kind: 'pictures', done: marked.length, total: marked.length });
    for (;;) {
      const result = await step(() => pipeline.learnStep());
      if (typeof result !== 'number') return result;
      onProgress({ kind: 'learning', done: Math.round(100 * result), total: 100 });
    }
  } finally {
    await enqueue(() => pipeline.learnEnd()).catch(() => {});
  }
}

async function open(given: MarkedPicture['picture'], thread: ThreadName): Promise<OpenPicture> {
  const picture = typeof given === 'function' ? await given() : given;
  if (typeof given === 'function' && isBitmap(picture)) return ownPicture(picture);
  // The pipeline closes what it reads, so that a bitmap of the caller's is copied on the page too.
  return openPicture(picture, thread === 'page' ? 'worker' : thread);
}

/** That it has what the other checks look at. */
function checkMark(mark: unknown, i: number): void {
  const { at, points } = isRecord(mark) ? mark : {};
  const hasPlace = isRecord(at) && ('box' in at || isNumbers(at.landmarks));
  if (!hasPlace || !isNumbers(points))
    throw badOption(`marked[${i}]`, 'a picture with points, and with landmarks or a box', mark);
}

const isNumbers = (value: unknown): boolean => Array.isArray(value) || value instanceof Float32Array;

/** @returns what leads to the crops. @throws EngineError `bad-option`, naming the picture. */
function checkMarks(request: LearnRequest): 'face' | 'box' {
  const bad = (what: string) => new EngineError('bad-option', what);
  if (!isRecord(request)) throw badOption('request', 'an object', request);
  const { marked, scheme, kind } = request;
  checkArray('marked', marked, 'marked pictures');
  marked.forEach(checkMark);
  if (marked.length === 0) throw bad('marked: there is no picture to learn from');
  const isBox = 'box' in marked[0].at;
  marked.forEach(({ at, points }, i) => {
    if ('box' in at !== isBox) throw bad(`marked[${i}]: all must have landmarks, or all a box`);
    if ('box' in at) checkBoxes([at.box]);
    else if (!at.landmarks.every(Number.isFinite))
      throw bad(`marked[${i}]: its landmarks must be finite numbers`);
    if (scheme && points.length !== 2 * scheme.points.length)
      throw bad(`marked[${i}]: has ${points.length} values, its scheme ${scheme.points.length} points`);
    if (points.every(Number.isNaN)) throw bad(`marked[${i}]: no point is marked`);
  });
  if (isBox && kind === 'my-face') throw bad('marked: a face of one’s own needs landmarks, not boxes');
  return isBox ? 'box' : 'face';
}
