/** A module that the package's types need and that cannot be declared by itself fails here, long before the package is built. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { declarationsOf } from './declarations';
import { ENTRIES } from './entries';

const root = fileURLToPath(new URL('..', import.meta.url));

it('every module that the entries reach declares its types by itself', () => {
  const declared = declarationsOf(root, ENTRIES);
  expect(declared.get('lib/index.d.ts')).toContain('export declare function createEngine');
  expect(declared.get('lib/node.d.ts')).toContain('export declare function createEngine');
  expect(declared.get('src/engine/types/options.d.ts')).toContain('export interface EngineOptions');
});

it('the types need no other package: what names its types stays behind the entries', () => {
  const imports = /\bfrom\s*['"]([^.'"][^'"]*)['"]/g;
  const foreign = [...declarationsOf(root, ENTRIES)].flatMap(([path, text]) =>
    [...text.matchAll(imports)].map(([, name]) => `${path}: ${name}`),
  );
  expect(foreign).toEqual([]);
});

it('the types of the Node entry name nothing that browsers alone have', () => {
  const code = (text: string) => text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
  const browsers =
    /\b(ImageBitmap\w*|ImageData|\w*Canvas\w*|HTML\w+|VideoFrame|Worker|GPU\w*|WebGL\w+|Document|Window)\b/g;
  const named = (entries: readonly string[]) =>
    [...declarationsOf(root, entries)].flatMap(([path, text]) =>
      [...code(text).matchAll(browsers)].map(([name]) => `${path}: ${name}`),
    );
  expect(named(['lib/node'])).toEqual([]);
  expect(named(['lib/index'])).toContain('src/engine/api/engine.d.ts: ImageBitmap');
});

it('an exported constant without a type of its own is refused by name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mien-types-'));
  try {
    writeFileSync(join(folder, 'table.ts'), 'export const TABLE = { a: [1, 2].length };\n');
    expect(() => declarationsOf(folder, ['table'])).toThrow('types of table.ts: ');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
