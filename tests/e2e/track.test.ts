/** `npm run track` as a person calls it: files that are read back, exit codes, messages; the same bytes each time. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Output, WebMOutputFormat } from 'mediabunny';
import { beforeAll, expect, test } from 'vitest';
import { readFilmJson } from '../../src/shared/formats/film';
import { makeFaceFilm } from '../fixtures/films';
import { root } from './browser';

const FRAMES = 20;
const CUT = 15;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-track-'));
  await mkdir(join(folder, 'films/day'), { recursive: true });
  await copyFile(await makeFaceFilm(FRAMES, CUT), join(folder, 'films/day/walk.mp4'));
  await writeFile(join(folder, 'films/broken.mp4'), 'no film');
  await writeFile(join(folder, 'films/begun.webm'), await makeBegun());
});

/** A film that ends where its first pictures would begin. */
async function makeBegun(): Promise<Uint8Array> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const video = new EncodedVideoPacketSource('vp9');
  output.addVideoTrack(video);
  await output.start();
  await video.add(new EncodedPacket(new Uint8Array(16), 'key', 0, 0.04), {
    decoderConfig: { codec: 'vp09.00.10.08', codedWidth: 192, codedHeight: 108 },
  });
  await output.finalize();
  const whole = Buffer.from(target.buffer!);
  return whole.subarray(0, whole.indexOf(Buffer.from('1f43b675', 'hex')));
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function track(...args: string[]): Promise<Ended> {
  const script = ['scripts/run-ts.mjs', 'tests/bench/track.ts', ...args];
  const options = { cwd: root, env: { ...process.env, INIT_CWD: folder } };
  return new Promise((resolve) =>
    execFile(process.execPath, script, options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  );
}

test('reads the films of a folder, names the one it cannot read, and ends with 1', async () => {
  const { code, stdout, stderr } = await track(
    'films',
    '--model',
    'lite',
    '--out',
    'json',
    '--format',
    'json',
  );
  expect(stdout).toContain(
    `films/day/walk.mp4: ${FRAMES} frames, 75.0 % with a face, faces of 1 person → json/day/walk.jsonl`,
  );
  expect(stderr).toContain('films/broken.mp4: is no video that this browser can read');
  expect(stderr).toContain('films/begun.webm: none of its frames can be read');
  expect(stderr).toContain('2 of 3 films could not be read');
  expect(code).toBe(1);
  const { film, frames } = readFilmJson(
    await readFile(join(folder, 'json/day/walk.jsonl'), 'utf8'),
    'walk.jsonl',
  );
  expect([film.model, film.summary.shots, frames.length]).toEqual(['lite', 2, FRAMES]);
  expect(frames.map(({ faces }) => faces.length)).toEqual(frames.map((_, i) => (i < CUT ? 1 : 0)));
  expect(await readdir(join(folder, 'json'))).toEqual(['day']);
});

test('gives the same bytes each time, and ends with 0', async () => {
  const runs: Buffer[] = [];
  for (const out of ['one', 'two']) {
    const { code } = await track('films/day/walk.mp4', '--model', 'lite', '--out', out);
    expect(code).toBe(0);
    runs.push(await readFile(join(folder, out, 'walk.csv')));
  }
  const rows = runs[0].toString().trimEnd().split('\r\n');
  expect(rows).toHaveLength(1 + FRAMES);
  const [heading, first] = rows.map((row) => row.split(','));
  expect(first[heading.indexOf('gaze_yaw_deg')]).toMatch(/^-?\d/);
  expect(runs[1].equals(runs[0])).toBe(true);
});

test('ends with 2 where the arguments make no sense, and with 1 where there is no such model', async () => {
  const wrong = await track('films', '--format', 'xml');
  expect([wrong.code, wrong.stderr.split('\n')[0]]).toEqual([
    2,
    '--format xml: not one of csv, openface, json',
  ]);
  const unknown = await track('films', '--model', 'none');
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    expect.stringContaining('model none: not in the registry'),
  ]);
});
