/** Arguments of `npm run track`, and the films they name. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Scheme } from '../../src/engine/types';
import { filmFormatIds, filmFormats, filmFormatsFor, type FilmFormatId } from '../../src/shared/formats/film';
import { fromHere } from './arguments';

export const usage = `usage: npm run track -- FILM… [--model ID] [--out FOLDER] [--format csv|json|openface]
                       [--faces N] [--backend webgl|webgpu|wasm|cpu]

  FILM       a video file, or a folder: every video file in it and below
  --model    id of a shipped model; default: the first of static/models/registry.json
  --out      where the results go, folders as below the one that was given; default: the current folder.
             Films of one name keep their endings there: walk.mp4.csv beside walk.mov.csv
  --format   csv: a row per frame and face (.csv); json: JSON lines with a summary (.jsonl);
             openface: OpenFace's columns, of models with its 68 points (.openface.csv); default: csv
  --faces    how many faces are followed at once, 1 to 8; default: 4

Ends with 0 when every film was read, 1 when one was not (the others are), 2 when the arguments make no sense.`;

const models = fileURLToPath(new URL('../../static/models', import.meta.url));
const backends = ['webgl', 'webgpu', 'wasm', 'cpu', 'auto'] as const;
const videoEndings = ['.mp4', '.m4v', '.mov', '.webm', '.mkv'];

/** The arguments make no sense. */
export class UsageError extends Error {}

export interface FilmTask {
  readonly film: string;
  /** Where its results go. */
  readonly result: string;
}

export interface TrackOptions {
  readonly tasks: readonly FilmTask[];
  readonly model: string | undefined;
  readonly format: FilmFormatId;
  readonly maxFaces: number;
  readonly backend: (typeof backends)[number];
}

function oneOf<T extends string>(name: string, values: readonly T[], value: string): T {
  const found = values.find((known) => known === value);
  if (!found) throw new UsageError(`--${name} ${value}: not one of ${values.join(', ')}`);
  return found;
}

/** @throws UsageError naming the argument; null where only the usage was asked for */
export function readTrackOptions(args: string[]): TrackOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  if (positionals.length === 0) throw new UsageError('no film was given');
  const maxFaces = Number(values.faces);
  if (!(Number.isInteger(maxFaces) && maxFaces >= 1 && maxFaces <= 8))
    throw new UsageError(`--faces ${values.faces}: must be a whole number from 1 to 8`);
  const format = oneOf('format', filmFormatIds, values.format);
  const scheme = values.model === undefined ? null : schemeOf(values.model);
  if (scheme && !filmFormatsFor(scheme).includes(format))
    throw new UsageError(
      `--format ${format}: is for 68 points; --model ${values.model} has ${scheme.pointCount}`,
    );
  const out = fromHere(values.out);
  const { extension } = filmFormats[format];
  const tasks = apart(
    positionals.flatMap((path) => tasksOf(fromHere(path), out, extension)),
    extension,
  );
  for (const { result } of tasks) assertWritable(result);
  return {
    tasks,
    model: values.model,
    format,
    maxFaces,
    backend: oneOf('backend', backends, values.backend),
  };
}

/** Of a shipped model; null where there is none of this id, which the engine says when it is opened. */
function schemeOf(model: string): Scheme | null {
  const registry = JSON.parse(readFileSync(join(models, 'registry.json'), 'utf8')) as {
    models: { id: string; path: string }[];
  };
  const entry = registry.models.find(({ id }) => id === model);
  if (!entry) return null;
  const { userDefinedMetadata } = JSON.parse(readFileSync(join(models, entry.path), 'utf8')) as {
    userDefinedMetadata: { mien: { scheme: Scheme } };
  };
  return userDefinedMetadata.mien.scheme;
}

/** @throws UsageError where a file stands in the place of its folder, or a folder in its own */
function assertWritable(result: string): void {
  let folder = dirname(result);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) throw new UsageError(`--out: ${folder} is a file, not a folder`);
  if (statSync(result, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--out: ${result} is a folder, where a file would be written`);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        model: { type: 'string' },
        out: { type: 'string', default: '.' },
        format: { type: 'string', default: 'csv' },
        faces: { type: 'string', default: '4' },
        backend: { type: 'string', default: 'auto' },
      },
    });
  } catch (thrown) {
    throw new UsageError((thrown as Error).message);
  }
}

function tasksOf(path: string, out: string, extension: string): FilmTask[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UsageError(`${path}: no such file or folder`);
  const taskOf = (film: string, folder: string) => {
    const stem = basename(film, extname(film));
    return { film, result: join(out, folder, stem + extension) };
  };
  if (!stats.isDirectory()) return [taskOf(path, '')];
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && videoEndings.includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new UsageError(`${path}: holds no video files (${videoEndings.join(', ')})`);
  return files.map((file) => taskOf(file, relative(path, dirname(file))));
}

/** Films whose results would go to one file are told apart by their endings. @throws UsageError where that does not do */
function apart(tasks: readonly FilmTask[], extension: string): readonly FilmTask[] {
  // A film that is named twice, by itself and by its folder, is one.
  const once = [...new Map(tasks.map((task) => [`${task.film}\n${task.result}`, task])).values()];
  const counts = new Map<string, number>();
  for (const { result } of once) counts.set(fileKey(result), (counts.get(fileKey(result)) ?? 0) + 1);
  const named = once.map(({ film, result }) => {
    const isAlone = counts.get(fileKey(result)) === 1;
    return { film, result: isAlone ? result : join(dirname(result), basename(film) + extension) };
  });
  const films = new Map<string, string>();
  for (const { film, result } of named) {
    const other = films.get(fileKey(result));
    if (other)
      throw new UsageError(`${other} and ${film} would both be written to ${result}: track them apart`);
    films.set(fileKey(result), film);
  }
  return named;
}

/** Some file systems take names that differ by their capitals for one. */
const fileKey = (path: string) => path.toLowerCase();
