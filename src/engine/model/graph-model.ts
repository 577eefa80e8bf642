/** A Model: the tfjs graph together with its manifest. */

import { loadGraphModelSync, type GraphModel } from '@tensorflow/tfjs-converter';
import { keep, tidy, type io } from '@tensorflow/tfjs-core';
import { EngineError } from '../errors';
import { parseManifest } from './manifest';
import { readModelJson, type ModelFiles } from './model-files';
import { Field } from './parse';
import type { Manifest } from '../types';

export interface Model {
  readonly manifest: Manifest;
  readonly graph: Graph;
  /** Names of the graph's layers: its nodes without the constants. */
  readonly nodes: ReadonlySet<string>;
  /** All its nodes, constants too, as the file has them. */
  readonly topology: readonly GraphNode[];
  dispose(): void;
}

/** One operation of the graph. */
export interface GraphNode {
  readonly name: string;
  /** As TensorFlow calls it, such as `_FusedConv2D`; `Const` for weights. */
  readonly op: string;
  /** Names of the nodes it reads, in its order of arguments. */
  readonly inputs: readonly string[];
}

/** A GraphModel made from memory. */
export type Graph = GraphModel<io.IOHandlerSync>;

/**
 * Builds a model on the current backend from files that were checked already.
 * @param path path of its model.json among `files`.
 * @throws EngineError `bad-manifest` or `bad-model`, naming the file.
 */
export function createModel(files: ModelFiles, path: string): Model {
  const json = readModelJson(files, path);
  const manifest = parseManifest(json, path);
  const graph = createGraph(files, path);
  try {
    const topology = topologyOf(json, path);
    // Without constants: those are weights, not outputs.
    const nodes = new Set(topology.filter(({ op }) => op !== 'Const').map(({ name }) => name));
    checkGraph(graph, nodes, manifest, path);
    return { manifest, graph, nodes, topology, dispose: () => graph.dispose() };
  } catch (error) {
    graph.dispose();
    throw error;
  }
}

/** A tfjs GraphModel from memory. @throws EngineError `bad-model`, naming the file. */
export function createGraph(files: ModelFiles, path: string): Graph {
  const artifacts = gatherArtifacts(files, path);
  try {
    let graph: Graph | null = null;
    // tfjs leaks the weights of a broken graph; the tidy disposes them.
    tidy(() => {
      graph = loadGraphModelSync(artifacts);
      for (const weights of Object.values(graph.weights)) weights.forEach((tensor) => keep(tensor));
    });
    return graph!;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError('bad-model', `${path}: the graph does not load: ${detail}`, { cause });
  }
}

/** Without signature and metadata, which could rename nodes: they are addressed by their own names. */
function gatherArtifacts(files: ModelFiles, path: string): io.ModelArtifacts {
  const root = Field.root(
    path,
    readModelJson(files, path),
    (message) => new EngineError('bad-model', message),
  );
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
  };
}

function topologyOf(json: unknown, path: string): GraphNode[] {
  const root = Field.root(path, json, (message) => new EngineError('bad-model', message));
  const nodes = root.get('modelTopology').get('node').array();
  return nodes.map((node) => {
    const inputs = node.get('input').optional((list) => list.array()) ?? [];
    return {
      name: node.get('name').text(),
      op: node.get('op').text(),
      // `name:0` is the first output of `name`; `^name` only says that it runs before.
      inputs: inputs.map((input) => input.text().replace(/^\^|:\d+$/g, '')),
    };
  });
}

/** The graph must have the nodes that the manifest names; shapes are checked when the model is warmed up. */
function checkGraph(
  graph: Graph,
  nodes: ReadonlySet<string>,
  { input, output }: Manifest,
  path: string,
): void {
  for (const name of [output.packed, output.heatmaps ?? output.packed]) {
    if (nodes.has(name)) continue;
    throw new EngineError(
      'bad-model',
      `${path}: the manifest names the output ${name}, the graph has no such node`,
    );
  }
  const inputs = graph.inputs.map((node) => node.name);
  if (inputs.length === 1 && inputs[0] === input.name) return;
  const found = inputs.join(', ') || 'none';
  throw new EngineError(
    'bad-model',
    `${path}: the manifest names the input ${input.name}, the graph has ${found}`,
  );
}
