/** What the documents name is there: files, headings, commands. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path && path !== 'CHANGELOG.md');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const isThere = (path: string) => existsSync(join(root, path));
const all = (text: string, pattern: RegExp) => [
  ...new Set([...text.matchAll(pattern)].map(([, found]) => found)),
];

/** As GitHub makes a heading's anchor. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
const anchorsOf = (path: string) => all(read(path), /^#+ (.+)$/gm).map(anchorOf);

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each(documents)('%s', (path) => {
  const text = read(path);

  it('links to what is there', () => {
    const broken = all(text, /\]\((?!\w+:)([^)\s]+)\)/g).filter((link) => {
      const [file, anchor] = link.split('#');
      const target = file ? normalize(join(dirname(path), file)) : path;
      return !isThere(target) || (anchor && target.endsWith('.md') && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('names commands that there are', () => {
    expect(all(text, /npm run (?:-s )?([\w:-]+)/g).filter((name) => !(name in scripts))).toEqual([]);
    const modules = all(text, /python -m (mien[\w.]*)/g).map(
      (name) => `training/${name.replaceAll('.', '/')}`,
    );
    expect(modules.filter((name) => !isThere(`${name}.py`) && !isThere(`${name}/__main__.py`))).toEqual([]);
  });

  it('names sources that there are', () => {
    const named = all(text, /`((?:src|docs|lib|scripts|static|tests|training)\/[\w./-]+\.\w+)`/g);
    expect(named.filter((file) => ![file, join(dirname(path), file)].some(isThere))).toEqual([]);
  });
});
