import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint } from 'eslint';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';
import { afterEach, describe, expect, test } from 'vitest';
import { layers } from './layers.mjs';

const roots: string[] = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true })));

/** What the rule says of a source tree, file by file. */
async function lint(files: Record<string, string>): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'layers-'));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'src', path)), { recursive: true });
    writeFileSync(join(root, 'src', path), text);
  }
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: [
      ...svelte.configs.base,
      { files: ['**/*.ts'], languageOptions: { parser: ts.parser } },
      { files: ['**/*.svelte'], languageOptions: { parserOptions: { parser: ts.parser } } },
      {
        files: ['src/**/*.ts', 'src/**/*.svelte'],
        plugins: { layers },
        rules: { 'layers/imports': 'error' },
      },
    ] as ESLint.Options['overrideConfig'],
  });
  const results = await eslint.lintFiles(['src']);
  return results.flatMap(({ messages }) => messages.map(({ message }) => message));
}

const importing = (specifier: string) => `import { x } from '${specifier}';\nexport const y = x;\n`;
const inSvelte = (specifier: string) =>
  `<script lang="ts">\n  import X from '${specifier}';\n</script>\n<X />\n`;
const leaf = 'export const x = 1;\n';

describe('who may import whom', () => {
  test('downward imports are allowed', async () => {
    const files = {
      'engine/types/index.ts': leaf,
      'engine/api/engine.ts': importing('../types'),
      'engine/index.ts': importing('./api/engine'),
      'shared/ui/Card.svelte': inSvelte('./Icon.svelte'),
      'shared/ui/Icon.svelte': '<p></p>\n',
      'shared/overlay/draw.ts': importing('../../engine'),
      'features/live/LivePage.svelte': inSvelte('../../shared/ui/Card.svelte'),
      'features/live/panels/Meter.svelte': inSvelte('../../../shared/ui/Card.svelte'),
      'app/main.ts': "const page = import('../features/live/LivePage.svelte');\nexport { page };\n",
    };
    expect(await lint(files)).toEqual([]);
  });

  test.each([
    ['a layer above', 'shared/ui/a.ts', '../../services/settings', 'shared must not import services'],
    ['a layer above', 'engine/a.ts', '../shared/b', 'engine must not import shared'],
    ['another feature', 'features/live/a.ts', '../photos/b', 'live must not import photos'],
    ['a folder above in the engine', 'engine/backend/a.ts', '../model/b', 'backend must not import model'],
    ['the index from below', 'engine/api/a.ts', '../index', 'api must not import index.ts'],
    ['a folder above in shared', 'shared/imaging/a.ts', '../overlay/b', 'imaging must not import overlay'],
    [
      'a folder without a place',
      'shared/overlay/a.ts',
      '../misc/b',
      'misc has no place in the order of shared',
    ],
  ])('%s is reported: %s', async (_, file, specifier, message) => {
    const target = join(dirname(file), `${specifier}.ts`);
    expect(await lint({ [file]: importing(specifier), [target]: leaf })).toEqual([
      expect.stringContaining(message),
    ]);
  });

  test('the same in a component, for a type, a dynamic import and a re-export', async () => {
    const messages = await lint({
      'shared/ui/Card.svelte': inSvelte('../../features/live/Live.svelte'),
      'shared/ui/type.ts': "import type { x } from '../../app/main';\nexport type Y = typeof x;\n",
      'shared/ui/nested.ts': "export type Y = typeof import('../../app/main');\n",
      'shared/ui/late.ts': "export const late = import('../../app/main');\n",
      'shared/ui/on.ts': "export { x } from '../../app/main';\nexport * from '../../app/main';\n",
      'features/live/Live.svelte': inSvelte('../photos/Photos.svelte'),
      'features/photos/Photos.svelte': '<p></p>\n',
      'app/main.ts': leaf,
    });
    expect(messages.filter((message) => message.startsWith('shared must not import app'))).toHaveLength(5);
    expect(messages).toContainEqual(expect.stringContaining('shared must not import features'));
    expect(messages).toContainEqual(expect.stringContaining('live must not import photos'));
    expect(messages).toHaveLength(7);
  });

  test('files that import each other are reported, also through a third', async () => {
    const messages = await lint({
      'services/a.ts': importing('./b'),
      'services/b.ts': importing('./C.svelte'),
      'services/C.svelte': inSvelte('./a'),
    });
    expect(messages).toHaveLength(3);
    expect(messages).toContain('services/a.ts and services/b.ts import each other');
  });

  test('folders that import each other through different files are reported', async () => {
    const messages = await lint({
      'features/photos/grid/Grid.svelte': inSvelte('../viewer/Viewer.svelte'),
      'features/photos/grid/size.ts': leaf,
      'features/photos/viewer/Viewer.svelte': '<p></p>\n',
      'features/photos/viewer/zoom.ts': importing('../grid/size'),
    });
    expect(messages.sort()).toEqual([
      'the folders grid and viewer of features/photos import each other',
      'the folders viewer and grid of features/photos import each other',
    ]);
  });
});
