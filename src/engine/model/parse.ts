/** Unknown data to typed values; an error names the file and the field. */

/** A value of a parsed JSON file with its path, for the error message. */
export class Field {
  constructor(
    /** File or address, for the message. */
    readonly file: string,
    /** Path inside the file, such as `scheme.mirror[3]`. */
    readonly path: string,
    readonly value: unknown,
    private readonly failure: (message: string) => Error,
  ) {}

  static root(file: string, value: unknown, failure: (message: string) => Error, path = ''): Field {
    return new Field(file, path, value, failure);
  }

  /** The error to throw: `file: path must be …, found …`. */
  fail(expected: string): Error {
    return this.failure(
      `${this.file}: ${this.path || 'the file'} must be ${expected}, found ${brief(this.value)}`,
    );
  }

  get(name: string): Field {
    const value = Object.hasOwn(this.record(), name) ? this.record()[name] : undefined;
    return new Field(this.file, this.path ? `${this.path}.${name}` : name, value, this.failure);
  }

  record(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.fail('an object');
    return this.value as Record<string, unknown>;
  }

  /** Each member of an object by its name; `__proto__` is refused. */
  entries(): [string, Field][] {
    return Object.keys(this.record()).map((name) => {
      if (name === '__proto__') throw this.fail('an object without the name __proto__');
      return [name, this.get(name)];
    });
  }

  array(length?: number): Field[] {
    if (!Array.isArray(this.value)) throw this.fail('an array');
    if (length !== undefined && this.value.length !== length) {
      throw this.failure(
        `${this.file}: ${this.path} must have ${length} entries, it has ${this.value.length}`,
      );
    }
    return Array.from(
      this.value,
      (entry: unknown, i) => new Field(this.file, `${this.path}[${i}]`, entry, this.failure),
    );
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value.length === 0) throw this.fail('a non-empty string');
    return this.value;
  }

  /** Undefined where the field is missing. */
  optional<T>(read: (field: Field) => T): T | undefined {
    return this.value === undefined || this.value === null ? undefined : read(this);
  }

  /** Null where the field says null; a missing one is an error. */
  nullable<T>(read: (field: Field) => T): T | null {
    return this.value === null ? null : read(this);
  }

  number(low: number = -Infinity, high: number = Infinity): number {
    const fits = typeof this.value === 'number' && Number.isFinite(this.value);
    if (!fits || (this.value as number) < low || (this.value as number) > high) {
      throw this.fail(`a number${range(low, high)}`);
    }
    return this.value as number;
  }

  integer(low = 0, high: number = Number.MAX_SAFE_INTEGER): number {
    if (!Number.isSafeInteger(this.value) || (this.value as number) < low || (this.value as number) > high) {
      throw this.fail(`an integer${range(low, high)}`);
    }
    return this.value as number;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') throw this.fail('true or false');
    return this.value;
  }

  oneOf<T extends string | number>(...allowed: readonly T[]): T {
    if (!allowed.includes(this.value as T))
      throw this.fail(allowed.map((word) => JSON.stringify(word)).join(' or '));
    return this.value as T;
  }
}

function range(low: number, high: number): string {
  if (low === -Infinity && high === Infinity) return '';
  if (high === Infinity || high === Number.MAX_SAFE_INTEGER) return ` of at least ${low}`;
  return ` from ${low} to ${high}`;
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
