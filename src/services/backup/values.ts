/** Values of IndexedDB as JSON: what JSON has no word for is `{ "$": kind, … }`. Blobs are files of their own. */

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Where a blob is, and what it is besides its bytes. */
export interface BlobMark {
  readonly type: string;
  /** Of a `File`. */
  readonly name?: string;
  readonly lastModified?: number;
}

const arrays = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
type ArrayKind = keyof typeof arrays;

/**
 * Names of fields are in order, so that the same values are the same text.
 * @param placeBlob says where a blob goes, as JSON
 * @throws Error for a value of a kind that it cannot write
 */
export function encodeValue(value: unknown, placeBlob: (blob: Blob) => Json): Json {
  const encode = (inner: unknown) => encodeValue(inner, placeBlob);
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $: 'number', text: String(value) };
  if (value instanceof Blob) return { $: 'blob', at: placeBlob(value), ...markOf(value) };
  if (value instanceof Date) return { $: 'date', ms: value.getTime() };
  if (value instanceof ArrayBuffer) return { $: 'ArrayBuffer', base64: toBase64(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value) && value.constructor.name in arrays)
    return {
      $: value.constructor.name,
      base64: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)),
    };
  if (Array.isArray(value)) return value.map(encode);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new Error(`backup: a value of an unknown kind: ${String(value)}`);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => [name, encode(field)] as const);
  const object = Object.fromEntries(fields);
  return '$' in object ? { $: 'object', fields: object } : object;
}

function markOf(blob: Blob): { [name: string]: Json } {
  if (!(blob instanceof File)) return { type: blob.type };
  return { type: blob.type, name: blob.name, lastModified: blob.lastModified };
}

/** @param openBlob finds a blob by where it was placed. @throws Error for what `encodeValue` does not write */
export function decodeValue(json: unknown, openBlob: (at: unknown) => Blob): unknown {
  const decode = (inner: unknown) => decodeValue(inner, openBlob);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(decode);
  const { $: kind, ...rest } = json as Record<string, unknown>;
  if (kind === undefined) return decodeFields(json, decode);
  if (kind === 'object') return decodeFields(rest.fields as object, decode);
  if (kind === 'number') return Number(rest.text);
  if (kind === 'date') return new Date(rest.ms as number);
  if (kind === 'blob') return withMark(openBlob(rest.at), rest as unknown as BlobMark);
  if (kind === 'ArrayBuffer') return fromBase64(rest.base64).buffer;
  if (typeof kind !== 'string' || !Object.hasOwn(arrays, kind))
    throw new Error(`a value of an unknown kind: ${String(kind)}`);
  return new arrays[kind as ArrayKind](fromBase64(rest.base64).buffer);
}

/** Each its own field, also one that is called `__proto__`. */
const decodeFields = (json: object, decode: (inner: unknown) => unknown) =>
  Object.fromEntries(Object.entries(json).map(([name, field]) => [name, decode(field)]));

function withMark(blob: Blob, { type, name, lastModified }: BlobMark): Blob {
  if (name !== undefined) return new File([blob], name, { type, lastModified });
  return blob.slice(0, blob.size, type);
}

/** So many bytes become letters at once: more arguments than that some browsers refuse. */
const PIECE = 0x8000;

function toBase64(bytes: Uint8Array): string {
  let letters = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    letters += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(letters);
}

function fromBase64(text: unknown): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(String(text)), (letter) => letter.charCodeAt(0));
}
