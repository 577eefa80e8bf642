/** What `npm run build:lib` puts into the packages besides the code of their entries. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type Rolldown } from 'vite';
import { threadSource } from '../scripts/wasm-thread';
import { DETECTORS } from '../src/engine/detect/detector-files';
import { EYE_FILES } from '../src/engine/gaze/eye-files';
import { declarationsOf } from './declarations';
import { ENTRIES } from './entries';
import { writeModelsPackage } from './models-package';

const require = createRequire(import.meta.url);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const read = (path: string) => readFileSync(join(root, path));
const readJson = (path: string) => JSON.parse(read(path).toString());
const writeJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
/** What the code fetches; see `addresses.ts`. */
const FETCHED = 'mien';
const WASM = ['tfjs-backend-wasm', 'tfjs-backend-wasm-simd', 'tfjs-backend-wasm-threaded-simd'];

type Files = ReadonlyMap<string, string | Buffer>;
interface Entry {
  readonly id: string;
  readonly files: readonly { readonly path: string }[];
}

/** Only the default model, the face detectors and the eye network, by their paths in the models' folder. */
function modelFiles(): Files {
  const registry = readJson('static/models/registry.json');
  const [model]: Entry[] = registry.models;
  const detectors = Object.entries(DETECTORS).flatMap(([name, { files }]) => [
    ...['README.md', 'LICENSE'].map((file) => `${name}/${file}`),
    ...files.map(({ path }) => path),
  ]);
  const paths = [...[...model.files, ...EYE_FILES].map(({ path }) => path), ...detectors];
  return new Map<string, string | Buffer>([
    ['registry.json', writeJson({ ...registry, models: [model] })],
    ...paths.map((path) => [path, read(`static/models/${path}`)] as const),
  ]);
}

/** Code of a function that returns the addresses of files by their paths, in a form that bundlers understand. */
function addressesCode(name: string, folder: string, paths: Iterable<string>): string {
  const lines = [...paths].map(
    (path) =>
      `${JSON.stringify(path)}: new URL(/* @vite-ignore */ ${JSON.stringify(folder + path)}, import.meta.url).href,`,
  );
  return `export const ${name} = () => ({\n${lines.join('\n')}\n});\n`;
}

/**
 * `virtual:package-models`, where each file has its address, and `virtual:model-paths`: what two entries share lies in a folder of
 * chunks, from which no address counts.
 */
function packageModels(): Plugin {
  const codeOf: Readonly<Record<string, (paths: string[]) => string>> = {
    '\0package-models': (paths) => addressesCode('packageModels', `${FETCHED}/models/`, paths),
    '\0model-paths': (paths) => `export const MODEL_PATHS = ${JSON.stringify(paths)};\n`,
  };
  return {
    name: 'package-models',
    resolveId(source) {
      const id = source.replace(/^virtual:/, '\0');
      return source.startsWith('virtual:') && id in codeOf ? id : null;
    },
    load(source) {
      if (!(source in codeOf)) return null;
      return codeOf[source]([...modelFiles().keys()].filter((path) => /\.(json|bin)$/.test(path)));
    },
  };
}

/**
 * Code of tfjs that asks whether it runs in Node, and then for Node's modules: bundlers for browsers would look for them, and
 * `mien/node` brings what it needs itself.
 */
function withoutNode(): Plugin {
  const questions: readonly (readonly [file: RegExp, question: string])[] = [
    [
      /tfjs-backend-wasm\/wasm-out\/[\w-]+\.js$/,
      'typeof process=="object"&&typeof process.versions=="object"&&typeof process.versions.node=="string"',
    ],
    [/tfjs-core\/dist\/platforms\/platform_node\.js$/, "env().get('IS_NODE') && !env().get('IS_BROWSER')"],
  ];
  return {
    name: 'without-node',
    transform(code, id) {
      for (const [file, question] of questions) {
        if (!file.test(id)) continue;
        if (!code.includes(question)) throw new Error(`${id}: does not ask for Node as it did`);
        return { code: code.replace(question, 'false'), map: null };
      }
      return null;
    },
  };
}

/** The worker as one file that imports nothing, so that copying it is enough. */
async function workerCode(): Promise<string> {
  const built = await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'error',
    plugins: [withoutNode()],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(root, 'src/engine/api/worker.ts'), formats: ['es'], fileName: 'worker' },
      rolldownOptions: { output: { codeSplitting: false, minify: true } },
    },
  });
  const [{ output }] = built as Rolldown.RolldownOutput[];
  const [chunk, ...others] = output.filter(({ type }) => type === 'chunk');
  if (others.length > 0) throw new Error(`worker: has ${others.length + 1} chunks, must be one`);
  return (chunk as Rolldown.OutputChunk).code;
}

/** Addresses as other people's bundlers expect them: without the word that made ours pass them over, and in quotes. */
function forBundlers(code: string): string {
  return code.replace(
    /new URL\(\s*\/\* @vite-ignore \*\/\s*([`"'])([^`"']+)\1,\s*import\.meta\.url\s*\)/g,
    'new URL("$2",import.meta.url)',
  );
}

/** The code of the entries for others' bundlers, and the files of the package besides. */
function packageFiles(): Plugin {
  return {
    name: 'package-files',
    async generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') chunk.code = forBundlers(chunk.code);
      const { version } = readJson('package.json');
      const binaries = WASM.map((name) => {
        const file = require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}.wasm`);
        return [`${FETCHED}/assets/${name}.wasm`, readFileSync(file)] as const;
      });
      const files = new Map<string, string | Buffer>([
        ['package.json', writeJson({ ...readJson('lib/package.json'), version })],
        ['README.md', read('lib/README.md')],
        ['CHANGELOG.md', read('CHANGELOG.md')],
        ['example.html', read('lib/example.html')],
        ...['Points.jsx', 'Points.svelte'].map(
          (name) => [`examples/${name}`, read(`lib/examples/${name}`)] as const,
        ),
        ['LICENSE', read('LICENSE')],
        [`${FETCHED}/assets/worker.js`, await workerCode()],
        [`${FETCHED}/assets/wasm-thread.js`, threadSource()],
        ...binaries,
        ...[...modelFiles()].map(([path, text]) => [`${FETCHED}/models/${path}`, text] as const),
        ...[...declarationsOf(root, ENTRIES)].map(([path, text]) => [`types/${path}`, text] as const),
      ]);
      for (const [fileName, source] of files) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}

/** `mien-models`, beside the package in `dist-models`. */
function modelsPackage(): Plugin {
  return { name: 'models-package', closeBundle: () => writeModelsPackage(root, join(root, 'dist-models')) };
}

export const packagePlugins = (): Plugin[] => [
  withoutNode(),
  packageModels(),
  packageFiles(),
  modelsPackage(),
];
