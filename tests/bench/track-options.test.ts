import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrackOptions } from './track-options';

const folder = mkdtempSync(join(tmpdir(), 'mien-films-'));
mkdirSync(join(folder, 'day'));
mkdirSync(join(folder, 'copy'));
mkdirSync(join(folder, 'taken', 'walk.csv'), { recursive: true });
for (const name of ['walk.MP4', 'notes.txt', 'day/walk.webm', 'day/talk.mov', 'copy/walk.MP4'])
  writeFileSync(join(folder, name), '');
const results = (args: string[]) =>
  readTrackOptions([...args, '--out', '/out'])!.tasks.map(({ result }) => result);

describe('arguments of npm run track', () => {
  it('name films, and folders of films with all below', () => {
    expect(results([folder])).toEqual(
      ['copy/walk', 'day/talk', 'day/walk', 'walk'].map((name) => `/out/${name}.csv`),
    );
    expect(results([join(folder, 'walk.MP4'), '--format', 'openface'])).toEqual(['/out/walk.openface.csv']);
  });

  it('tell films of one name apart by their endings, and take one that is named twice once', () => {
    const mixed = mkdtempSync(join(tmpdir(), 'mien-films-'));
    for (const name of ['Walk.mov', 'walk.mp4', 'walk.webm', 'talk.mp4'])
      writeFileSync(join(mixed, name), '');
    const names = ['Walk.mov', 'walk.mp4', 'walk.webm'].map((name) => `/out/${name}.csv`);
    expect(results([mixed])).toEqual([names[0], '/out/talk.csv', ...names.slice(1)]);
    expect(results([mixed, join(mixed, 'talk.mp4')])).toHaveLength(4);
  });

  it('have the defaults that the usage says', () => {
    const { model, format, maxFaces, backend } = readTrackOptions([folder])!;
    expect([model, format, maxFaces, backend]).toEqual([undefined, 'csv', 4, 'auto']);
    expect(readTrackOptions(['--help'])).toBeNull();
  });

  it('let models of 68 points be written as OpenFace does', () => {
    const options = readTrackOptions([folder, '--model', 'resnet', '--format', 'openface']);
    expect(options?.format).toBe('openface');
  });

  it.each([
    [[], 'no film was given'],
    [['/nowhere.mp4'], '/nowhere.mp4: no such file or folder'],
    [[folder, '--format', 'xml'], '--format xml: not one of csv, openface, json'],
    [[folder, '--faces', '9'], '--faces 9: must be a whole number from 1 to 8'],
    [[folder, '--out', join(folder, 'notes.txt')], /--out: .*notes\.txt is a file, not a folder/],
    [[folder, '--out', join(folder, 'notes.txt/deep')], /--out: .*notes\.txt is a file, not a folder/],
    [[join(folder, 'walk.MP4'), '--out', join(folder, 'taken')], /--out: .*walk\.csv is a folder/],
    [
      [folder, '--model', 'nose-b', '--format', 'openface'],
      /--format openface: is for 68 points; --model nose-b has/,
    ],
    [[folder, '--speed'], /Unknown option '--speed'/],
    [[join(folder, 'walk.MP4'), join(folder, 'copy/walk.MP4')], /would both be written to .*walk\.MP4\.csv/],
  ])('that make no sense are named: %j', (args, message) => {
    expect(() => readTrackOptions(args as string[])).toThrow(message);
  });
});
