/** The stages of a network, read off its graph. */

import * as tf from '@tensorflow/tfjs-core';
import type { GraphNode, Model } from '../model/graph-model';
import type { Stage } from './types';

type Shape = readonly number[];

/** Operations with weights: each begins a stage. */
const weighted = /Conv2[dD]|DepthwiseConv2dNative|MatMul/;

const kernelNames: readonly (readonly [RegExp, string])[] = [
  [/Depthwise/, 'Depthwise conv'],
  [/Conv2/, 'Conv'],
  [/MatMul/, 'Fully connected'],
];

/** What operations without weights are called in a stage's label; the others are left out. */
const opNames: Readonly<Record<string, string>> = {
  Relu: 'ReLU',
  Relu6: 'ReLU6',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
  Elu: 'ELU',
  MaxPool: 'max pool',
  AvgPool: 'mean pool',
  Mean: 'mean',
  AddV2: 'add',
  Add: 'add',
  ConcatV2: 'concatenate',
  ResizeNearestNeighbor: 'enlarge',
  ResizeBilinear: 'enlarge',
  Exp: 'softmax',
  Softmax: 'softmax',
  Reshape: 'flatten',
};

/**
 * The stages of the model in the order they run: each operation with weights together with those without that follow it.
 * Runs the network once on an empty crop to learn the shapes. Every name in a stage can be asked of `graph.execute`.
 */
export function stagesOf(model: Model): Stage[] {
  const shapes = shapesOf(model);
  const weights = new Map(
    Object.entries(model.graph.weights).map(([name, tensors]) => [name, tensors[0].shape] as const),
  );
  return groupNodes(model.topology, shapes, weights);
}

/** The shape of each node's output for one face, by its name; constants are left out. */
export function shapesOf({ graph, manifest, nodes }: Model): Map<string, Shape> {
  const { name: inputName, width, height } = manifest.input;
  const names = [...nodes].filter((name) => name !== inputName);
  const shapes = new Map<string, Shape>([[inputName, [1, height, width, 1]]]);
  tf.tidy(() => {
    const outputs = graph.execute({ [inputName]: tf.zeros([1, height, width, 1]) }, names) as tf.Tensor[];
    names.forEach((name, i) => shapes.set(name, outputs[i].shape));
  });
  return shapes;
}

/** @param weights shapes of the constants, by name */
export function groupNodes(
  topology: readonly GraphNode[],
  shapes: ReadonlyMap<string, Shape>,
  weights: ReadonlyMap<string, Shape>,
): Stage[] {
  const groups: GraphNode[][] = [];
  for (const node of inOrder(topology)) {
    if (node.op === 'Const' || node.op === 'Placeholder') continue;
    if (weighted.test(node.op) || groups.length === 0) groups.push([node]);
    else groups.at(-1)!.push(node);
  }
  const stageOfNode = new Map(groups.flatMap((group) => group.map(({ name }) => [name, group.at(-1)!.name])));
  return groups.map((group) => stageOf(group, shapes, weights, stageOfNode));
}

function stageOf(
  group: readonly GraphNode[],
  shapes: ReadonlyMap<string, Shape>,
  weights: ReadonlyMap<string, Shape>,
  stageOfNode: ReadonlyMap<string, string>,
): Stage {
  const { name: node } = group.at(-1)!;
  const first = group[0];
  const names = group.map(({ name }) => name);
  const outside = group.flatMap(({ inputs }) => inputs).filter((name) => shapes.has(name));
  const inputs = new Set(
    outside.filter((name) => !names.includes(name)).map((name) => stageOfNode.get(name) ?? name),
  );
  const isWeighted = weighted.test(first.op);
  const learned = first.inputs.map((name) => weights.get(name)).filter((shape) => shape !== undefined);
  const kernel = weights.get(first.inputs[1] ?? '') ?? [];
  const spatial = (shapes.get(first.name) ?? []).slice(1, -1);
  return {
    node,
    nodes: names,
    maps: names.findLast((name) => shapes.get(name)?.length === 4) ?? null,
    part: partOf(first.name),
    label: labelOf(group, shapes, kernel),
    shape: (shapes.get(node) ?? []).slice(1),
    parameters: isWeighted ? learned.reduce((sum, shape) => sum + product(shape), 0) : 0,
    multiplyAdds: isWeighted ? product(spatial) * product(kernel) : 0,
    inputs: [...inputs],
  };
}

const product = (shape: Shape) => shape.reduce((sum, length) => sum * length, 1);

/** `encoder.stages.1.0.conv1.2` belongs to `encoder.stages.1`, `encoder.stem.2` to `encoder.stem`, `uncertainty` to itself. */
function partOf(name: string): string {
  const words = name.split('/')[0].split('.');
  const number = words.findIndex((word) => /^\d+$/.test(word));
  // A number right before the end counts operations, not parts.
  const length = number > 0 && number < words.length - 2 ? number + 1 : Math.min(2, words.length);
  return words
    .slice(0, length)
    .filter((word, i) => i === 0 || length > 2 || !/^\d+$/.test(word))
    .join('.');
}

function labelOf(group: readonly GraphNode[], shapes: ReadonlyMap<string, Shape>, kernel: Shape): string {
  const [first] = group;
  const kind = kernelNames.find(([pattern]) => pattern.test(first.op))?.[1];
  const words: string[] = [];
  if (kind && kernel.length === 4) {
    const [height, width, from, to] = kernel;
    const isDepthwise = kind.startsWith('Depthwise');
    words.push(`${kind} ${width}×${height}`, isDepthwise ? `${from * to} channels` : `${from} → ${to}`);
    const [before, after] = [shapes.get(first.inputs[0]), shapes.get(first.name)];
    if (before && after && after[1] * 2 <= before[1] + 1)
      words.push(`1/${Math.round(before[1] / after[1])} size`);
  } else if (kind) words.push(kind, kernel.join(' → '));
  for (const { op } of group) {
    const name = opNames[op];
    if (name && words.at(-1) !== name) words.push(name);
  }
  return words.join(', ') || first.op;
}

/** Each node after those it reads, otherwise in the order of the file. */
function inOrder(topology: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(topology.map((node) => [node.name, node]));
  const ordered = new Set<GraphNode>();
  const visit = (node: GraphNode) => {
    // A stack of its own: graphs of others may be deeper than calls can be.
    const stack = [node];
    while (stack.length) {
      const top = stack.at(-1)!;
      const missing = top.inputs.map((name) => byName.get(name)).find((from) => from && !ordered.has(from));
      if (missing && !stack.includes(missing)) stack.push(missing);
      else ordered.add(stack.pop()!);
    }
  };
  topology.forEach((node) => ordered.has(node) || visit(node));
  return [...ordered];
}
