// ESLint rule: who may import whom inside src. Imports in .svelte files and imports of types count too.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * Folders of a room from the lowest to the highest; each imports only from those before it. `*` stands for files that lie
 * directly in the room and are not named.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const orders = {
  '': ['engine', 'shared', 'services', 'features', 'app'],
  engine: [
    'types',
    '*',
    'backend',
    'model',
    'teach',
    'landmark',
    'inspect',
    'detect',
    'signals',
    'gaze',
    'track',
    'pipeline',
    'api',
    'index.ts',
  ],
  shared: ['*', 'format', 'storage', 'imaging', 'video', 'camera', 'ui', 'overlay', 'formats'],
};
/** Rooms whose folders never import each other. */
const separate = ['features'];

/** @typedef {ReadonlyMap<string, readonly string[]>} Graph file to the files it imports, relative to src */

const importPattern = /(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.[^'"]+)\1/g;
const endings = ['', '.ts', '.svelte.ts', '.mjs', '/index.ts'];
const isTest = (/** @type {string} */ file) => /\.test\.ts$/.test(file);

/** The file that `specifier` names in `from`, relative to `root`; null outside of it. @param {string} root @param {string} from @param {string} specifier */
function resolveImport(root, from, specifier) {
  const base = resolve(root, dirname(from), specifier.replace(/\?.*$/, ''));
  const isFile = (/** @type {string} */ path) => existsSync(path) && statSync(path).isFile();
  const file = endings.map((ending) => base + ending).find(isFile) ?? base;
  const path = relative(root, file).split(sep).join('/');
  return path.startsWith('..') ? null : path;
}

/** @param {string} root @returns {Graph} */
function readGraph(root) {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) =>
    file.split(sep).join('/'),
  );
  const sources = files.filter((file) => /\.(ts|svelte)$/.test(file) && !isTest(file));
  return new Map(
    sources.map((file) => {
      const matches = readFileSync(join(root, file), 'utf8').matchAll(importPattern);
      return [file, [...matches].flatMap(([, , specifier]) => resolveImport(root, file, specifier) ?? [])];
    }),
  );
}

/** Whether one node can be reached from another. @param {Graph} graph @param {string} from @param {string} to */
function leadsTo(graph, from, to) {
  const seen = new Set([from]);
  for (const node of seen) {
    for (const next of graph.get(node) ?? []) {
      if (next === to) return true;
      seen.add(next);
    }
  }
  return false;
}

/** The innermost common folder of two files, and the entry of it that contains each. @param {string} from @param {string} to */
function meet(from, to) {
  const [one, other] = [from.split('/'), to.split('/')];
  let depth = 0;
  while (depth < one.length - 1 && depth < other.length - 1 && one[depth] === other[depth]) depth += 1;
  const isFolder = depth < one.length - 1 && depth < other.length - 1;
  return { room: one.slice(0, depth).join('/'), a: one[depth], b: other[depth], isFolder };
}

/** Imports between the folders of a room. @param {Graph} graph @param {string} room @returns {Graph} */
function folderGraph(graph, room) {
  /** @type {Map<string, string[]>} */
  const folders = new Map();
  for (const [from, imports] of graph) {
    for (const to of imports) {
      const { room: common, a, b, isFolder } = meet(from, to);
      if (common === room && isFolder) folders.set(a, [...(folders.get(a) ?? []), b]);
    }
  }
  return folders;
}

/** What is wrong with an import, or null. @param {Graph} graph @param {string} from @param {string} to */
function faultOf(graph, from, to) {
  const { room, a, b, isFolder } = meet(from, to);
  const order = orders[room];
  if (order) {
    const place = (/** @type {string} */ name, /** @type {string} */ file) =>
      order.indexOf(order.includes(name) ? name : file.endsWith(`/${name}`) ? '*' : name);
    const [high, low] = [place(a, from), place(b, to)];
    if (high < 0 || low < 0) return `${high < 0 ? a : b} has no place in the order of ${room || 'src'}`;
    if (high < low) return `${a} must not import ${b}: the order is ${order.join(' < ')}`;
  }
  if (separate.includes(room) && a !== b)
    return `${a} must not import ${b}: ${room} know nothing of each other`;
  if (isTest(from)) return null;
  if (from === to || leadsTo(graph, to, from)) return `${from} and ${to} import each other`;
  if (isFolder && !order && leadsTo(folderGraph(graph, room), b, a))
    return `the folders ${a} and ${b} of ${room || 'src'} import each other`;
  return null;
}

/** @type {Map<string, Graph>} by root; read once per run */
const graphs = new Map();

/** @type {import('eslint').Rule.RuleModule} */
const imports = {
  meta: { type: 'problem', schema: [{ type: 'object', properties: { root: { type: 'string' } } }] },
  create(context) {
    const root = resolve(context.cwd, context.options[0]?.root ?? 'src');
    const file = relative(root, context.filename).split(sep).join('/');
    if (file.startsWith('..')) return {};
    const graph = graphs.get(root) ?? readGraph(root);
    graphs.set(root, graph);
    /** @param {import('estree').Node} node @param {unknown} specifier */
    const check = (node, specifier) => {
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
      const to = resolveImport(root, file, specifier);
      const message = to && faultOf(graph, file, to);
      if (message) context.report({ node, message });
    };
    /** @param {any} node */
    const checkSource = (node) => check(node, node.source?.value);
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      /** @param {any} node `import('…')` where a type stands */
      TSImportType: (node) => check(node, node.source?.value ?? node.argument?.literal?.value),
    };
  },
};

/** @type {import('eslint').ESLint.Plugin} */
export const layers = { rules: { imports } };
