/** A Model: the tfjs graph together with its manifest. */

import { GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import { io } from '@tensorflow/tfjs-core';
import { parseJson } from './download';
import { EngineError } from './errors';
import { parseManifest } from './manifest';
import { Field } from './parse';
import type { Manifest } from './types';

export interface Model {
  readonly manifest: Manifest;
  readonly graph: GraphModel;
  dispose(): void;
}

type Metadata = io.ModelArtifacts['userDefinedMetadata'];

/** Files of one model by path, model.json among them. */
export type ModelFiles = ReadonlyMap<string, ArrayBuffer>;

/**
 * Builds a model on the current backend from files that were checked already.
 * @param path path of its model.json among `files`.
 * @throws EngineError `bad-manifest` or `bad-model`, naming the file.
 */
export async function createModel(files: ModelFiles, path: string): Promise<Model> {
  const json = readJson(files, path);
  const manifest = parseManifest(json, path);
  const graph = await createGraph(files, path);
  try {
    checkGraph(graph, manifest, path);
  } catch (error) {
    graph.dispose();
    throw error;
  }
  return { manifest, graph, dispose: () => graph.dispose() };
}

/** A tfjs GraphModel out of memory. @throws EngineError `bad-model`, naming the file. */
export async function createGraph(files: ModelFiles, path: string): Promise<GraphModel> {
  const artifacts = gatherArtifacts(files, path);
  try {
    return await loadGraphModel(io.fromMemory(artifacts));
  } catch (cause) {
    throw new EngineError('bad-model', `${path}: the graph does not load: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function readJson(files: ModelFiles, path: string): unknown {
  const bytes = files.get(path);
  if (!bytes) throw new EngineError('bad-model', `${path}: not among the model's files`);
  return parseJson(new TextDecoder().decode(bytes), path, 'bad-model');
}

function gatherArtifacts(files: ModelFiles, path: string): io.ModelArtifacts {
  const root = Field.root(path, readJson(files, path), (message) => new EngineError('bad-model', message));
  root.get('format').oneOf('graph-model');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const groups = root.get('weightsManifest').array();
  const shards = groups.flatMap((group) =>
    group
      .get('paths')
      .array()
      .map((shard) => folder + shard.text()),
  );
  const buffers = shards.map((shard) => {
    const bytes = files.get(shard);
    if (!bytes)
      throw new EngineError('bad-model', `${path}: its weights ${shard} are not among the model's files`);
    return bytes;
  });
  const specs = groups.flatMap((group) =>
    group
      .get('weights')
      .array()
      .map((spec) => spec.record()),
  );
  return {
    modelTopology: root.get('modelTopology').record(),
    weightSpecs: specs as unknown as io.WeightsManifestEntry[],
    weightData: buffers,
    format: 'graph-model',
    signature: root.get('signature').optional((field) => field.record()) as io.ModelArtifacts['signature'],
    userDefinedMetadata: root.get('userDefinedMetadata').optional((field) => field.record()) as Metadata,
  };
}

/** The graph must have the nodes that the manifest names; shapes are checked when the model is warmed up. */
function checkGraph(graph: GraphModel, manifest: Manifest, path: string): void {
  const inputs = graph.inputs.map((input) => input.name);
  if (inputs.length !== 1 || inputs[0] !== manifest.input.name) {
    const found = inputs.join(', ') || 'none';
    throw new EngineError(
      'bad-model',
      `${path}: the manifest names the input ${manifest.input.name}, the graph has ${found}`,
    );
  }
}
