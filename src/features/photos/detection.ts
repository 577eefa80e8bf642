/** One picture through the network: decoded within the budget of px, processed, closed again. */

import { boxOf, compose } from '../../engine/geometry';
import type { Engine } from '../../engine';
import type { Activations, Box, Face, Gaze } from '../../engine/types';
import type { EngineRequest } from '../../services/engine/engine-host';
import { runOnEngine, type EngineAccess } from './engine-access';
import { decodePicture } from './import';
import { movedBy, partsOfLong, withoutDoubles } from './long-pictures';
import { decodedPixels } from './pixel-budget';
import { enlarged, scaledBox, scaleOf, shrinking } from './scaled-pictures';
import type { PhotoStore } from './store.svelte';
import type { PhotoModel } from './types';

/** What a model is asked of a picture. */
export interface Detection extends Pick<EngineRequest, 'tuning' | 'onNoGaze'> {
  readonly photoId: string;
  readonly model: string;
  readonly priority: 'viewed' | 'batch';
  readonly signal?: AbortSignal;
}

/** Engine and store, as every function here needs them. */
export interface Site {
  readonly store: PhotoStore;
  readonly host: EngineAccess;
}

/** All faces of a picture. @param bitmap of the picture, where it is decoded already; the caller closes it */
export function detectFaces(
  site: Site,
  detection: Detection,
  bitmap?: ImageBitmap,
): Promise<readonly Face[]> {
  const size = site.store.get(detection.photoId);
  const use = async (pixels: ImageBitmap, engine: Engine, signal: AbortSignal) =>
    (await detectIn(pixels, engine, signal)).map((face) => enlarged(face, scaleOf(size, pixels)));
  return bitmap ? onEngine(site, detection, bitmap, use) : onPicture(site, detection, use);
}

/** As a whole or, where it is long, part by part. */
async function detectIn(bitmap: ImageBitmap, engine: Engine, signal: AbortSignal): Promise<readonly Face[]> {
  const parts = partsOfLong(bitmap);
  if (!parts) return (await engine.detect(bitmap, { signal })).faces;
  const faces: Face[] = [];
  for (const part of parts) {
    const cut = await createImageBitmap(bitmap, part.x, part.y, part.width, part.height);
    try {
      const found = await engine.detect(cut, { signal });
      faces.push(...found.faces.map((face) => movedBy(face, part)));
    } finally {
      cut.close();
    }
  }
  return withoutDoubles(faces);
}

/**
 * The face in a box drawn by hand, from two passes of the network: the second in the box of the first's points, since nobody
 * draws a box as training did.
 */
export function detectInBox(site: Site, detection: Detection, box: Box<'image'>): Promise<Face> {
  const size = site.store.get(detection.photoId);
  return onPicture(site, detection, async (bitmap, engine, signal) => {
    const scale = scaleOf(size, bitmap);
    const [rough] = (await engine.landmarks(bitmap, [scaledBox(box, 1 / scale)], { signal })).faces;
    const outline = boxOf(rough.points);
    if (!(outline.width > 0 && outline.height > 0)) return enlarged(rough, scale);
    return enlarged((await engine.landmarks(bitmap, [outline], { signal })).faces[0], scale);
  });
}

/** Heatmaps of the face in a box. @throws when the model has none */
export function heatmapsOf(site: Site, detection: Detection, box: Box<'image'>): Promise<Activations> {
  const size = site.store.get(detection.photoId);
  return onPicture(site, detection, async (bitmap, engine, signal) => {
    const scale = scaleOf(size, bitmap);
    const maps = await engine.heatmaps(bitmap, scaledBox(box, 1 / scale), { signal });
    return scale === 1 ? maps : { ...maps, crop: compose(maps.crop, shrinking(scale)) };
  });
}

/**
 * Where the eyes of a face look, by its points as they stand.
 * @returns null where neither eye is seen. @throws why the engine has no gaze
 */
export async function gazeOf(
  site: Site,
  detection: Detection,
  { points, spread }: Pick<Face, 'points' | 'spread'>,
): Promise<Gaze | null> {
  const size = site.store.get(detection.photoId);
  let missing: unknown = null;
  const asking = {
    ...detection,
    tuning: { signals: true, gaze: true },
    onNoGaze: (thrown: unknown) => (missing = thrown),
  };
  return onPicture(site, asking, async (bitmap, engine, signal) => {
    if (missing) throw missing;
    const share = 1 / scaleOf(size, bitmap);
    const shown = {
      points: points.map((value) => share * value),
      spread: spread && spread.map((px) => share * px),
    };
    const [told] = await engine.signals(bitmap, [shown], { signal });
    return told?.gaze ?? null;
  });
}

type Use<T> = (bitmap: ImageBitmap, engine: Engine, signal: AbortSignal) => Promise<T>;

/** Decoded before its turn on the engine: inside it, one would wait for room that those behind it hold. */
async function onPicture<T>(site: Site, detection: Detection, use: Use<T>): Promise<T> {
  const { photoId, priority } = detection;
  const { name, width, height } = site.store.get(photoId);
  const release = await decodedPixels.reserve(width * height, priority === 'viewed');
  try {
    detection.signal?.throwIfAborted();
    const bitmap = await decodePicture(await site.store.file(photoId), name, { width, height });
    try {
      return await onEngine(site, detection, bitmap, use);
    } finally {
      bitmap.close();
    }
  } finally {
    release();
  }
}

function onEngine<T>(
  { store, host }: Site,
  detection: Detection,
  bitmap: ImageBitmap,
  use: Use<T>,
): Promise<T> {
  const { model, priority, signal, tuning, onNoGaze } = detection;
  return runOnEngine(host, { model, priority, signal, tuning, onNoGaze }, async (engine, inner) => {
    store.learn(toPhotoModel(model, engine));
    return use(bitmap, engine, inner);
  });
}

function toPhotoModel(id: string, { info }: Engine): PhotoModel {
  const { title, family, scheme } = info.manifest;
  return { id, title, family, scheme };
}
