/** Learning as the pipeline does it: short steps, between which live frames are tracked. */

import { EngineError } from '../errors';
import { apply, cropOfBox, cropOfPoints } from '../geometry';
import type { Landmarker } from '../landmark/landmarker';
import type { Model } from '../model/graph-model';
import { leadingEyes } from '../model/manifest';
import { createRandom } from '../random';
import { marksInMirror, viewsOf, type View } from '../teach/augment';
import { learn, type Lesson } from '../teach/learner';
import { encoderNodes } from '../teach/maps';
import { identityOf, learnOwnFace, type CorrectedFace } from '../teach/own-face';
import { createSamples } from '../teach/samples';
import { toScheme } from '../teach/scheme';
import { formatTaught } from '../teach/taught-file';
import type { Learned, LearnRequestOf, MarkedPictureOf } from '../teach-request';
import type { Affine, Scheme, TaughtInfo } from '../types';
import type { Stopwatch } from '../timings';

/** Ways in which each picture is shown: as measured, many pictures gain nothing by more. */
const VIEWS = { ofFew: 6, ofMany: 3 };
const MANY_PICTURES = 10;
/** Views in one pass of the network, which is one step. */
const BATCH = 2;
/** How long a step of the mathematics goes on, ms. */
const STEP_MS = 30;

/** A picture to learn from, without its pixels. */
export type Mark = Pick<MarkedPictureOf<unknown>, 'at' | 'points'>;

export type LearnStart = Omit<LearnRequestOf<unknown>, 'marked'> &
  Pick<TaughtInfo, 'crop'> & {
    /** Pictures that will be added. */
    readonly count: number;
  };

/** Where learning stands: the share that is done, or what was learned. */
export type LearnStep = number | Learned;

export interface Learning {
  /** Takes a picture, and closes it once it is read; the one before must be done. */
  add(bitmap: ImageBitmap, mark: Mark): void;
  /** Reads a little more of the picture. @returns the share that is done. */
  read(landmarker: Landmarker, watch: Stopwatch): Promise<number>;
  /** Learns a little more from all pictures. */
  step(): LearnStep;
  dispose(): void;
}

interface Reading {
  readonly bitmap: ImageBitmap;
  readonly mark: Mark;
  readonly views: readonly View[];
  done: number;
}

/** @throws EngineError `bad-option`, naming what is wrong in the request. */
export function createLearning(
  { kind, scheme, title, crop, count, without = [] }: LearnStart,
  { manifest, nodes }: Model,
  base: TaughtInfo['base'],
  isTaught: boolean,
): Learning {
  if (isTaught)
    throw new EngineError('bad-option', 'learn: needs an engine with the base model, not with a taught one');
  if (kind === 'points' && !scheme)
    throw new EngineError('bad-option', 'scheme: missing, but there are points to learn');
  const taught: Scheme = scheme ? toScheme(scheme, null) : manifest.scheme;
  const hidden = new Set(without);
  const basePoints =
    crop === 'box' ? [] : manifest.scheme.names.flatMap((_, i) => (hidden.has(i) ? [] : [i]));
  const samples = createSamples(basePoints);
  const encoder = encoderNodes(nodes, manifest.id);
  const faces: CorrectedFace[] = [];
  if (kind === 'my-face' && count < 2)
    throw new EngineError('bad-option', 'marked: needs corrected pictures of the face, two at least');
  const viewCount = kind === 'my-face' ? 1 : count < MANY_PICTURES ? VIEWS.ofFew : VIEWS.ofMany;
  let pictures = 0;
  let reading: Reading | null = null;
  let lesson: Generator<number, Lesson> | null = null;

  function cropOf({ at }: Mark): Affine<'image', 'crop'> {
    if ('box' in at) return cropOfBox(at.box, manifest);
    const eyes = leadingEyes(manifest);
    if (!eyes)
      throw new EngineError(
        'bad-option',
        `model ${manifest.id}: its points lead to no crop; mark boxes instead`,
      );
    return cropOfPoints(at.landmarks, eyes, manifest);
  }

  /** Where no point has a partner, the mirror has nothing to learn from. */
  function viewsToRead(mark: Mark): readonly View[] {
    const isPaired = taught.mirror.some((other, i) => other !== i);
    const views = viewsOf(cropOf(mark), viewCount, createRandom(++pictures));
    return views.filter(({ mirrored }) => isPaired || !mirrored);
  }

  function finish({ head, report }: Lesson): Learned {
    const id = scheme?.id ?? 'my-face';
    const info = { kind, crop, base, report };
    const named = { id, title: scheme?.title ?? title ?? 'My face' };
    return { file: formatTaught({ ...named, scheme: taught, info, head }), report };
  }

  function endReading(): void {
    reading?.bitmap.close();
    reading = null;
  }

  return {
    add(bitmap, mark) {
      endReading();
      reading = { bitmap, mark, views: viewsToRead(mark), done: 0 };
    },
    async read(landmarker, watch) {
      if (!reading) return 1;
      const { bitmap, mark, views, done } = reading;
      const batch = views.slice(done, done + BATCH);
      const seen = await landmarker.features(
        bitmap,
        batch.map(({ crop: view }) => view),
        watch,
      );
      batch.forEach((view, i) => {
        const marked = apply(view.crop, mark.points);
        const named = view.mirrored ? marksInMirror(marked, taught.mirror) : marked;
        if (kind === 'my-face')
          faces.push({ identity: identityOf(seen[i].maps[0]), base: seen[i].base, marked: named });
        else samples.add({ picture: pictures - 1, isPlain: done + i === 0, marked: named }, seen[i]);
      });
      reading.done += batch.length;
      const share = reading.done / views.length;
      if (share === 1) endReading();
      return share;
    },
    step() {
      if (kind === 'my-face') return finish(learnOwnFace(faces, encoder[0], 100 * manifest.cropMargin));
      lesson ??= learn({
        ...samples.finish(),
        nodes: encoder,
        basePoints,
        pointCount: taught.pointCount,
        cropMargin: manifest.cropMargin,
      });
      const startMs = performance.now();
      let next = lesson.next();
      while (!next.done && performance.now() - startMs < STEP_MS) next = lesson.next();
      return next.done ? finish(next.value) : next.value;
    },
    dispose: endReading,
  };
}
