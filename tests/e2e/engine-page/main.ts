/** The page behind engine.test.ts: the engine as a library, tfjs of the page's own thread beside it, and pictures. */
import { load as loadReferenceDetector } from '@tensorflow-models/blazeface';
import * as tf from '@tensorflow/tfjs-core';
import * as engine from '../../../src/engine';
import { shippedFiles } from '../../../src/engine/api/shipped-files';
import { openBackend } from '../../../src/engine/backend/select';
import { createDetector } from '../../../src/engine/detect/detector';
import { DETECTORS } from '../../../src/engine/detect/detector-files';
import { createCanvas2d, createPainter, type Beyond } from '../../../src/engine/landmark/crop';
import { graysOf } from '../../../src/engine/landmark/input';
import { loadFiles } from '../../../src/engine/model/fetch';
import type { Engine } from '../../../src/engine';

async function fetchPicture(name: string): Promise<Blob> {
  const response = await fetch(`pictures/${name}`);
  if (!response.ok) throw new Error(`picture ${name}: the server answered ${response.status}`);
  return response.blob();
}

/** A frame of `width`×`height` with the picture at `x`, `y`, its larger side `sizePx`; gray around it. */
async function drawFrame(
  pictures: readonly {
    readonly name: string;
    readonly x: number;
    readonly y: number;
    readonly sizePx: number;
  }[],
  [width, height]: readonly [number, number] = [640, 480],
): Promise<ImageBitmap> {
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.fillStyle = '#888';
  context.fillRect(0, 0, width, height);
  for (const { name, x, y, sizePx } of pictures) {
    const bitmap = await createImageBitmap(await fetchPicture(name));
    const scale = sizePx / Math.max(bitmap.width, bitmap.height);
    context.drawImage(bitmap, x, y, bitmap.width * scale, bitmap.height * scale);
    bitmap.close();
  }
  return context.canvas.transferToImageBitmap();
}

/** Live tensors of the page's thread. */
const pageTensors = () => tf.engine().state.numTensors;

/** The error that `run` throws, as data. */
async function failureOf(run: () => Promise<unknown>) {
  try {
    await run();
  } catch (thrown) {
    const { code, message, stack, name } = thrown as engine.EngineError;
    return { code, message, stack, name };
  }
  return null;
}

/** Opens an engine, hands it on, and disposes it whatever happens. */
async function withEngine<T>(options: engine.EngineOptions, run: (engine: Engine) => Promise<T>): Promise<T> {
  const opened = await engine.createEngine(options);
  try {
    return await run(opened);
  } finally {
    await opened.dispose();
  }
}

/** A detector of the engine by itself. */
async function createOwnDetector(name: engine.DetectorName, wanted: engine.BackendName = 'wasm') {
  const backend = await openBackend({ wanted, wasm: shippedFiles().wasm, isProven: true });
  const { path, files } = DETECTORS[name];
  const loaded = await loadFiles(new URL('models/', document.baseURI).href, files, () => {});
  const detector = createDetector(loaded, path, backend);
  return {
    detect: detector.detect,
    selfTestAnswers: detector.selfTestAnswers,
    dispose() {
      detector.dispose();
      backend.dispose();
    },
  };
}

/** Grey levels of crops as networks get them, one below the other. @param crops which map image px to 0..1 over a crop */
async function drawCrops(
  name: string,
  crops: readonly engine.Affine<'image', 'crop'>[],
  size: number,
  beyond: Beyond,
): Promise<number[]> {
  const picture = await createImageBitmap(await fetchPicture(name));
  const context = createCanvas2d(size, size * crops.length, true);
  const painter = createPainter(true, beyond);
  crops.forEach((crop, i) =>
    painter.draw(context, { x: 0, y: i * size, width: size, height: size }, picture, crop),
  );
  picture.close();
  const { data } = context.getImageData(0, 0, size, size * crops.length);
  return [...graysOf(data)];
}

const library = {
  ...engine,
  tf,
  loadReferenceDetector,
  fetchPicture,
  drawFrame,
  drawCrops,
  createOwnDetector,
  pageTensors,
  failureOf,
  withEngine,
};
export type EnginePage = typeof library;

window.engineLibrary = library;
