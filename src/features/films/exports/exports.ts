/** The files that come out of a film. */

import { boxOf } from '../../../engine/geometry';
import type { Face } from '../../../engine/types';
import {
  exportFiles,
  bundleFiles,
  type Bundle,
  type ExportFile,
  type ExportPicture,
} from '../../../shared/formats';
import {
  filmFormats,
  writeFilm as writeText,
  type FilmFace,
  type FilmFormatId,
  type FilmFrame,
} from '../../../shared/formats/film';
import { stemOf } from '../../../shared/formats/names';
import { encodeCanvas } from '../../../shared/imaging/encode';
import { drawOverlay } from '../../../shared/overlay/draw';
import { createMeshCache } from '../../../shared/overlay/mesh';
import type { OverlayStyle } from '../../../shared/overlay/style';
import { openFilm } from '../../../shared/video/open-film';
import type { Context2D } from '../../../shared/video/types';
import { canWriteTransparent, writeFilm, writeTransparent } from '../../../shared/video/write-film';
import type { FilmView } from '../view/film-view.svelte';
import { encodeFrame } from './still';
import { frameName } from './names';

const identity = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

export interface FilmExportOptions {
  readonly view: FilmView;
  readonly style: OverlayStyle;
  readonly signal: AbortSignal;
  /** @param done frames */
  readonly onProgress: (done: number) => void;
}

export interface FilmExport extends Bundle {
  readonly notes: readonly string[];
}

export async function exportText(
  id: FilmFormatId,
  { view, signal, onProgress }: FilmExportOptions,
): Promise<FilmExport> {
  const pieces: Blob[] = [];
  // Both at once: a film that is still being read changes.
  const [about, frames] = [view.about(), view.frames()];
  async function* counted(): AsyncGenerator<FilmFrame> {
    for await (const frame of frames) {
      signal.throwIfAborted();
      onProgress(frame.index + 1);
      yield frame;
    }
  }
  // Blobs, which browsers move to disk, rather than one long text.
  for await (const piece of writeText(id, about, counted())) pieces.push(new Blob([piece]));
  return { name: stemOf(view.film.name) + filmFormats[id].extension, blob: new Blob(pieces), notes: [] };
}

/** `.pts` files of some frames beside their pictures. @param frames from 0, rising */
export async function exportFrames(
  file: Blob,
  frames: readonly number[],
  { view, style, signal, onProgress }: FilmExportOptions,
): Promise<FilmExport> {
  const { film } = view;
  const reader = await openFilm(file, film.name);
  try {
    const pictures: ExportPicture[] = [];
    for (const frame of frames) pictures.push(await pictureOf(frame));
    const bundle = await bundleFiles(
      counted(exportFiles(pictures, ['picture', 'pts'], { style })),
      stemOf(film.name),
    );
    return { ...bundle, notes: [] };
  } finally {
    reader.close();
  }

  async function pictureOf(frame: number): Promise<ExportPicture> {
    const faces = await view.facesIn(frame);
    const { width, height, usedModel, scheme } = film;
    return {
      ...{ name: `${frameName(film.name, frame)}.png`, folder: '', width, height },
      faces: faces.map(({ points, spread, score }) => ({
        ...{ points, spread, score, scheme: scheme!, model: usedModel ?? '', corrected: false },
      })),
      open: () => encodeFrame(reader, film.name, view.data!.times[frame]),
    };
  }
  async function* counted(files: AsyncIterable<ExportFile>) {
    let count = 0;
    for await (const one of files) {
      signal.throwIfAborted();
      onProgress(Math.min(frames.length, (count += 1)));
      yield one;
    }
  }
}

/** The film with its overlay, or the overlay alone: a film one can see through, else a ZIP of PNG frames. */
export async function exportVideo(
  file: Blob,
  ground: 'film' | 'transparent',
  { view, style, signal, onProgress }: FilmExportOptions,
): Promise<FilmExport> {
  const { name, width, height, scheme } = view.film;
  const frameCount = view.data?.times.length ?? 0;
  const facesOf = createFaceReader(view);
  const meshes = createMeshCache();
  const draw = async (context: Context2D, index: number) =>
    drawOverlay(context, await facesOf(index), scheme!, style, identity, meshes);
  const stem = `${stemOf(name)}-overlay`;
  const write = ground === 'film' ? writeFilm : writeTransparent;
  if (ground === 'film' || (await canWriteTransparent(view.film))) {
    const { blob, extension, notes } = await write({
      file,
      name,
      frameCount,
      isWhole: view.film.state === 'done',
      draw,
      onProgress,
      signal,
    });
    return { name: stem + extension, blob, notes };
  }
  const bundle = await bundleFiles(pngFrames(), stem);
  return {
    ...bundle,
    notes: ['This browser encodes no films with transparency: these are its frames as PNG.'],
  };

  async function* pngFrames(): AsyncGenerator<ExportFile> {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error(`${name}: this browser gives no 2D canvas`);
    for (let index = 0; index < frameCount; index++) {
      signal.throwIfAborted();
      context.clearRect(0, 0, width, height);
      await draw(context, index);
      yield { name: `${frameName(name, index)}.png`, data: await encodeCanvas(canvas, 'image/png') };
      onProgress(index + 1);
    }
  }
}

/** Faces frame by frame, read from storage once. */
function createFaceReader(view: FilmView): (index: number) => Promise<Face[]> {
  const frames = view.frames();
  return async () => {
    const { value } = await frames.next();
    return value ? value.faces.map((face: FilmFace) => ({ ...face, box: boxOf(face.points) })) : [];
  };
}
