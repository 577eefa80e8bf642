/** The attributes of a GraphDef node in proto3 JSON: integers as text, strings as base64. */

import type { Field } from '../parse';

export class Attributes {
  constructor(private readonly field: Field) {}

  /** @param fallback where the attribute is missing; without one, a missing attribute is an error */
  text(name: string, fallback?: string): string {
    return this.#read(name, 's', decode, fallback);
  }

  int(name: string, fallback?: number): number {
    return this.#read(name, 'i', toInt, fallback);
  }

  flag(name: string, fallback: boolean): boolean {
    return this.#read(name, 'b', (value) => value.boolean(), fallback);
  }

  /** The name of a type, such as `DT_FLOAT`. */
  type(name: string): string {
    return this.field.get(name).get('type').text();
  }

  ints(name: string): number[] {
    return this.field.get(name).get('list').get('i').array().map(toInt);
  }

  texts(name: string): string[] {
    return this.field.get(name).get('list').get('s').array().map(decode);
  }

  /** The declared shape of a placeholder; -1 where a size is open. */
  shape(): number[] {
    const dims = this.field.get('shape').get('shape').get('dim').array();
    return dims.map((dim) => toInt(dim.get('size')));
  }

  #read<T>(name: string, kind: string, read: (value: Field) => T, fallback?: T): T {
    const attribute = this.field.get(name);
    if (attribute.value === undefined && fallback !== undefined) return fallback;
    return read(attribute.get(kind));
  }
}

function toInt(field: Field): number {
  const value = typeof field.value === 'string' ? Number(field.value) : field.value;
  if (!Number.isSafeInteger(value)) throw field.fail('an integer');
  return value as number;
}

function decode(field: Field): string {
  try {
    return atob(field.text());
  } catch {
    throw field.fail('a base64 string');
  }
}
