/** The weights of a model from outside: every file there, of the right length, every tensor described. */

import { EngineError } from '../../errors';
import type { ModelFiles } from '../model-files';
import type { Field } from '../parse';
import { sizeOf, type Shaped } from './shape';

/** Bytes of one value on disk. */
const VALUE_BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
};
/** No shape, axis list or order is longer than this many integers. */
const MAX_INTS = 4096;
const MAX_RANK = 6;

/**
 * @param root model.json
 * @param folder where its weights lie among `files`: '' or a path that ends with a slash
 * @returns every tensor by name, with its values where they are integers.
 * @throws EngineError `bad-model`, naming the file or the tensor.
 */
export function checkWeights(root: Field, files: ModelFiles, folder: string): Map<string, Shaped> {
  const tensors = new Map<string, Shaped>();
  for (const group of root.get('weightsManifest').array()) {
    const bytes = gatherBytes(group, files, folder, root.file);
    let at = 0;
    for (const spec of group.get('weights').array()) {
      const { name, length, ...tensor } = parseSpec(spec);
      if (tensors.has(name)) throw spec.get('name').fail('a unique name');
      const ints = tensor.dtype === 'int' && length <= 4 * MAX_INTS ? readInts(bytes, at, length) : null;
      tensors.set(name, { ...tensor, ints });
      at += length;
    }
    if (at === bytes.byteLength) continue;
    const paths = group
      .get('paths')
      .array()
      .map((path) => path.text());
    throw new EngineError(
      'bad-model',
      `${root.file}: its weights take ${at} bytes, ${paths.join(' and ')} ${paths.length > 1 ? 'have' : 'has'} ` +
        `${bytes.byteLength}; a file is cut short or from another export`,
    );
  }
  return tensors;
}

function gatherBytes(group: Field, files: ModelFiles, folder: string, file: string): Uint8Array {
  const parts = group
    .get('paths')
    .array()
    .map((path) => {
      const bytes = files.get(folder + path.text());
      if (bytes) return new Uint8Array(bytes);
      throw new EngineError('bad-model', `${file}: its weights ${path.text()} are missing`);
    });
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function parseSpec(spec: Field) {
  const name = spec.get('name').text();
  const shape = spec
    .get('shape')
    .array()
    .map((size) => size.integer(1));
  if (shape.length > MAX_RANK) throw spec.get('shape').fail(`a shape of at most ${MAX_RANK} sizes`);
  const dtype = spec.get('dtype').oneOf('float32', 'int32');
  const stored = spec.get('quantization').optional((field) => parseQuantisation(field)) ?? dtype;
  if (dtype === 'int32' && stored !== dtype) throw spec.get('quantization').fail('left out for integers');
  const length = sizeOf(shape) * VALUE_BYTES[stored];
  return { name, shape, dtype: dtype === 'int32' ? ('int' as const) : ('float' as const), length };
}

function parseQuantisation(field: Field): string {
  const dtype = field.get('dtype').oneOf('float16', 'uint16', 'uint8');
  if (dtype !== 'float16') {
    field.get('scale').number();
    field.get('min').number();
  }
  return dtype;
}

function readInts(bytes: Uint8Array, at: number, length: number): number[] {
  if (at + length > bytes.byteLength) return [];
  return Array.from(new Int32Array(bytes.slice(at, at + length).buffer));
}
