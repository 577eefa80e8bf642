import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { deviationOf, selfTestCrop } from '../landmark/self-test';
import { createBlazeFace, runGraph, TRAINED_PX } from './blazeface';
import { DETECTORS, type DetectorFiles } from './detector-files';
import { answersOf, DETECTOR_TOLERANCE } from './self-test';

/** The numbers ship with so many digits. */
const ROUNDING = 1e-5;

async function read({ path, files }: DetectorFiles) {
  const folder = new URL('../../../static/models/', import.meta.url);
  const read = async (name: string): Promise<[string, ArrayBuffer]> => [
    name,
    new Uint8Array(await readFile(fileURLToPath(new URL(name, folder)))).buffer,
  ];
  return createBlazeFace(new Map(await Promise.all(files.map((file) => read(file.path)))), path);
}

/** What the network makes of the drawing of a face, or of its pixels from the last to the first. */
async function answer(files: DetectorFiles, isReversed = false): Promise<Float32Array> {
  const graph = await read(files);
  const gray = selfTestCrop(TRAINED_PX, TRAINED_PX);
  if (isReversed) gray.reverse();
  const values = Float32Array.from(
    { length: 3 * gray.length },
    (_, i) => gray[Math.floor(i / 3)] / 127.5 - 1,
  );
  const output = tidy(() => runGraph(graph, tensor4d(values, [1, TRAINED_PX, TRAINED_PX, 3])));
  const answers = answersOf((await output.data()) as Float32Array);
  output.dispose();
  graph.dispose();
  return answers;
}

beforeAll(() => setBackend('cpu').then(() => undefined));

it.each(Object.entries(DETECTORS))('%s: the numbers that ship are its own', async (_, files) => {
  const answers = await answer(files);
  expect(deviationOf(files.selfTest, answers), JSON.stringify([...answers])).toBeLessThan(ROUNDING);
});

it.each(Object.entries(DETECTORS))('%s: a picture upside down is told from it', async (_, files) => {
  expect(deviationOf(await answer(files, true), files.selfTest)).toBeGreaterThan(DETECTOR_TOLERANCE);
});

it('the two detectors are told apart', () => {
  const [one, other] = Object.values(DETECTORS);
  expect(deviationOf(one.selfTest, other.selfTest)).toBeGreaterThan(DETECTOR_TOLERANCE);
});
