/** The files of the networks: the landmark model, from the registry or the caller's own, the face detector, and the eye network. */

import { DETECTORS } from '../detect/detector-files';
import { EngineError } from '../errors';
import { EYE_FILES } from '../gaze/eye-files';
import { findEntry, loadFiles, loadRegistry, sha256, type LoadOptions, type OnBytes } from '../model/fetch';
import { readModelJson, type ModelFiles } from '../model/model-files';
import { checkModel } from '../model/validate';
import type { PipelineOptions } from '../options';
import { checkBase, filesHash } from '../teach/base';
import { isTaught, parseTaught, type Taught } from '../teach/taught-file';
import type { DetectorName, ModelAddresses, ModelSource, Progress } from '../types';

export interface Download {
  readonly path: string;
  /** Whether it is one of the app's own, whose points a test compares across all kinds of backend. */
  readonly isProven: boolean;
  readonly model: ModelFiles;
  readonly detector: { readonly name: DetectorName; readonly path: string; readonly files: ModelFiles };
  /** Null while nobody asked for gaze. */
  readonly eye: ModelFiles | null;
  /** What a taught model adds to `model`, its base. */
  readonly taught: Taught | null;
  /** Id and hash of `model`. */
  readonly base: Taught['info']['base'];
}

/** Fetches and checks the networks side by side; a model that was handed over is validated instead. */
export async function downloadModels(
  options: Pick<PipelineOptions, 'model' | 'modelsUrl' | 'detector' | 'cache' | 'gaze'>,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Download> {
  const report = reportTo(onProgress);
  const loading = { cache: options.cache, signal };
  const { detector: name } = options;
  const { path: detectorPath, files: detectorFiles } = DETECTORS[name];
  const [model, detector, eye] = await Promise.all([
    typeof options.model === 'object'
      ? readModel(options.model, (id) => downloadModel(id, options.modelsUrl, report, loading))
      : downloadModel(options.model, options.modelsUrl, report, loading),
    loadFiles(options.modelsUrl, detectorFiles, report('the face detector'), loading),
    options.gaze ? downloadEye(options, onProgress, signal) : null,
  ]);
  const { path, files, taught, base } = model;
  return {
    ...{ path, isProven: base.isProven, model: files, taught, base },
    detector: { name, path: detectorPath, files: detector },
    eye,
  };
}

export function downloadEye(
  { modelsUrl, cache }: Pick<PipelineOptions, 'modelsUrl' | 'cache'>,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<ModelFiles> {
  return loadFiles(modelsUrl, EYE_FILES, reportTo(onProgress)('the eye network'), { cache, signal });
}

const reportTo =
  (onProgress: (progress: Progress) => void) =>
  (what: string): OnBytes =>
  (loadedBytes, totalBytes) =>
    onProgress({ kind: 'download', what, loadedBytes, totalBytes });

interface Read extends Pick<Download, 'path' | 'taught'> {
  readonly files: ModelFiles;
  readonly base: Download['base'] & { readonly isProven: boolean };
}

async function downloadModel(
  id: string | undefined,
  modelsUrl: string | ModelAddresses,
  report: (what: string) => OnBytes,
  options: LoadOptions,
): Promise<Read> {
  const entry = findEntry(await loadRegistry(modelsUrl, options.signal), id);
  const { path, files, title } = entry;
  const base = { id: entry.id, sha256: await filesHash(files), isProven: true };
  return { path, files: await loadFiles(modelsUrl, files, report(title), options), taught: null, base };
}

async function readModel(
  { path, files: blobs }: ModelSource,
  download: (id: string) => Promise<Read>,
): Promise<Read> {
  const read = async ([name, blob]: readonly [string, Blob]): Promise<[string, ArrayBuffer]> => {
    try {
      return [name, await blob.arrayBuffer()];
    } catch (cause) {
      throw new EngineError('bad-model', `${name}: can no longer be read`, { cause });
    }
  };
  const files = new Map(await Promise.all([...blobs].map(read)));
  const json = readModelJson(files, path);
  if (isTaught(json)) {
    const taught = parseTaught(json, path);
    const base = await download(taught.info.base.id);
    checkBase(taught, base.base.sha256, path);
    return { ...base, taught };
  }
  const { id } = checkModel(files, path);
  const records = await Promise.all(
    [...files].map(async ([name, bytes]) => ({ path: name, sha256: await sha256(bytes) })),
  );
  return { path, files, taught: null, base: { id, sha256: await filesHash(records), isProven: false } };
}
