/** The graph of a model from outside: known ops, matching shapes, no cycles, limited size. */

import { EngineError } from '../../errors';
import { packedLength } from '../manifest';
import type { Field } from '../parse';
import type { Manifest } from '../../types';
import { Attributes } from './attributes';
import { MODEL_LIMITS } from './limits';
import { OPS } from './ops';
import { floats, formatShape, sizeOf, type Shaped } from './shape';

/** Two, so that a graph that takes only one face is noticed. */
const FACES = 2;
const MAX_RANK = 6;
/** As TensorFlow has them, with the underscore before fused ops left to ops. */
const NODE_NAME = /^[A-Za-z0-9.][A-Za-z0-9_.>/\\-]*$/;

interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly field: Field;
}

/**
 * @param root model.json
 * @param weights its tensors by name
 * @returns the shape that each node gives for two faces, by its name.
 * @throws EngineError `bad-model`, naming the node.
 */
export function checkGraph(
  root: Field,
  weights: ReadonlyMap<string, Shaped>,
  manifest: Manifest,
): Map<string, Shaped> {
  const topology = root.get('modelTopology');
  topology.get('library').optional((library) => {
    const functions = library.get('function').optional((list) => list.array()) ?? [];
    if (functions.length) throw library.fail('left out: functions are not run');
  });
  const nodes = parseNodes(topology.get('node'));
  const made = new Map<string, Shaped>();
  const costs = { values: 0, work: 0 };
  for (const node of inOrder(nodes, root.file)) {
    const fail = (message: string) =>
      new EngineError('bad-model', `${root.file}: node ${node.name} (${node.op}): ${message}`);
    const outcome = shapeOfNode(node, made, weights, manifest, fail);
    const size = sizeOf(outcome.shape);
    if (outcome.shape.length > MAX_RANK)
      throw fail(`gives ${formatShape(outcome.shape)}, too many dimensions`);
    made.set(node.name, outcome);
    if (node.op === 'Const') continue;
    costs.values += size / FACES;
    costs.work += (outcome.work ?? size) / FACES;
    // Checked at every node: sizes after an excessive one may overflow.
    if (costs.values > MODEL_LIMITS.layerValues)
      throw fail(
        `too large: at most ${MODEL_LIMITS.layerValues / 1e6} million numbers in all layers together`,
      );
    if (costs.work > MODEL_LIMITS.multiplyAdds)
      throw fail(`too much work: at most ${MODEL_LIMITS.multiplyAdds / 1e9} billion multiply-adds a face`);
  }
  checkOutputs(made, manifest, root.file);
  return made;
}

function shapeOfNode(
  node: Node,
  made: ReadonlyMap<string, Shaped>,
  weights: ReadonlyMap<string, Shaped>,
  { input }: Manifest,
  fail: (message: string) => EngineError,
): Shaped & { readonly work?: number } {
  const attributes = new Attributes(node.field.get('attr'));
  if (node.op === 'Placeholder') {
    if (node.name !== input.name)
      throw fail(`the manifest names the input ${input.name}, and there is only one`);
    if (attributes.type('dtype') !== 'DT_FLOAT') throw fail('dtype must be DT_FLOAT');
    const shape = [FACES, input.height, input.width, 1];
    const declared = attributes.shape();
    const fits = declared.length === 4 && declared.every((size, i) => size === -1 || size === shape[i]);
    if (!fits || declared[0] !== -1)
      throw fail(
        `takes ${formatShape(declared)}, the manifest promises ${formatShape([-1, ...shape.slice(1)])}`,
      );
    return floats(shape);
  }
  if (node.op === 'Const') {
    const tensor = weights.get(node.name);
    if (!tensor) throw fail('its values are not among the weights');
    return tensor;
  }
  const op = OPS.get(node.op);
  if (!op) throw fail(`op ${node.op} is not known here; known are ${[...OPS.keys()].sort().join(', ')}`);
  const inputs = node.inputs.map((name) => made.get(name)!);
  return op({ inputs, attributes, fail });
}

function parseNodes(list: Field): Map<string, Node> {
  const fields = list.array();
  if (fields.length > MODEL_LIMITS.nodes) throw list.fail(`at most ${MODEL_LIMITS.nodes} nodes`);
  const nodes = new Map<string, Node>();
  for (const field of fields) {
    const name = field.get('name').text();
    // Names become members of objects in tfjs, and some are members of every object.
    if (!NODE_NAME.test(name) || name in Object.prototype) throw field.get('name').fail('a valid node name');
    if (nodes.has(name)) throw field.get('name').fail('a unique name');
    const inputs = field.get('input').optional((names) => names.array()) ?? [];
    // `a:0` is the first output of `a`; none of the known ops has another.
    nodes.set(name, {
      name,
      op: field.get('op').text(),
      inputs: inputs.map((input) => input.text().replace(/:0$/, '')),
      field,
    });
  }
  for (const { inputs, field } of nodes.values()) {
    inputs.forEach((name, i) => {
      if (!nodes.has(name)) throw field.get('input').array()[i].fail('the name of a node');
    });
  }
  return nodes;
}

/** Every node after those it reads. @throws naming one of a cycle. */
function inOrder(nodes: ReadonlyMap<string, Node>, file: string): Node[] {
  const readers = new Map<string, Node[]>();
  const missing = new Map<Node, number>();
  for (const node of nodes.values()) {
    missing.set(node, node.inputs.length);
    for (const name of node.inputs) readers.set(name, [...(readers.get(name) ?? []), node]);
  }
  const ordered = [...nodes.values()].filter(({ inputs }) => inputs.length === 0);
  // Grows during the loop.
  for (const { name } of ordered) {
    for (const reader of readers.get(name) ?? []) {
      const left = missing.get(reader)! - 1;
      missing.set(reader, left);
      if (left === 0) ordered.push(reader);
    }
  }
  if (ordered.length === nodes.size) return ordered;
  const [circular] = [...missing].find(([, left]) => left > 0)!;
  throw new EngineError('bad-model', `${file}: node ${circular.name} is part of a cycle`);
}

/** Compares the outputs that the manifest promises with those of the graph. */
function checkOutputs(made: ReadonlyMap<string, Shaped>, manifest: Manifest, file: string): void {
  const { scheme, output } = manifest;
  const values = packedLength(manifest);
  const check = (name: string, fits: (shape: readonly number[]) => boolean, promised: string) => {
    const found = made.get(name);
    if (!found)
      throw new EngineError(
        'bad-model',
        `${file}: the manifest names the output ${name}, the graph has no such node`,
      );
    if (found.dtype === 'float' && found.shape[0] === FACES && fits(found.shape.slice(1))) return;
    throw new EngineError(
      'bad-model',
      `${file}: node ${name} gives ${formatShape(found.shape)} for ${FACES} faces, the manifest promises ${promised}`,
    );
  };
  check(output.packed, (shape) => shape.length === 1 && shape[0] === values, `(${FACES}, ${values})`);
  if (output.heatmaps === undefined) return;
  const isMaps = (shape: readonly number[]) => shape.length === 3 && shape[2] === scheme.pointCount;
  check(output.heatmaps, isMaps, `(${FACES}, height, width, ${scheme.pointCount})`);
}
