/** The engine as a package: built, packed, installed in an empty project, and used there by plain HTML, TypeScript, Node and an extension. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser, launchProfile, root } from './browser';
import { BUILD_MS, packLibrary, run, SAMPLE, startProject, type Tarballs } from './packed';
import { expectSamplesFace } from './said';

/** Browser and Node sample crops a little differently, measured 0.18 at most: px of a picture of 512, whose face is 105 px wide. */
const NODE_TOLERANCE_PX = 0.25;

const USER_CODE = `
import { createEngine, EngineError, type Engine, type Result } from 'mien';
import { createEngine as createInNode, type NodeEngine } from 'mien/node';
import { models } from 'mien-models/unet';
export async function firstPoints(picture: Blob): Promise<Float32Array> {
  const engine: Engine = await createEngine({ maxFaces: 2, modelsUrl: models });
  const { faces }: Result = await engine.detect(picture);
  if (faces.length === 0) throw new EngineError('bad-image', 'no face');
  return faces[0].points;
}
export async function countFaces(path: string): Promise<number> {
  const engine: NodeEngine = await createInNode({ signals: true });
  return (await engine.detect(path)).faces.length;
}
// @ts-expect-error An option that there is not, to see that the types are there at all.
void createEngine({ faces: 2 });
// @ts-expect-error Node has no choice of backends.
void createInNode({ backend: 'webgl' });
`;

/** Finds the sample's face in its file, in its bytes and in its pixels, and tells what the process is left with. */
const NODE_CODE = `
import 'mien';
import { readFile } from 'node:fs/promises';
import { createEngine } from 'mien/node';
const engine = await createEngine();
const { faces } = await engine.detect('face.png');
const again = await engine.detect(await readFile('face.png'));
const missing = await engine.detect('none.png').catch(({ code, message }) => ({ code, message }));
await engine.dispose();
console.log(
  JSON.stringify({
    points: faces.map(({ points }) => [...points]),
    again: again.faces.map(({ points }) => [...points]),
    missing,
    backend: engine.info.backend,
    tensors: (await engine.memory()).tensors,
    listeners: process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection'),
  }),
);
`;

let tarballs: Tarballs;
let project: string;
let installed: string;
let browser: Browser | null = null;

beforeAll(async () => {
  tarballs = await packLibrary();
  project = join(tarballs.folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  run(project, 'npm', 'install', '--offline', '--no-audit', '--no-fund', tarballs.mien, tarballs.models);
  installed = join(project, 'node_modules', 'mien');
}, BUILD_MS);
afterAll(async () => {
  await browser?.close();
  if (tarballs) await rm(tarballs.folder, { recursive: true, force: true });
});

it('holds the engine, its types, one model and what explains them, and needs no other package', async () => {
  const packages = await readdir(join(project, 'node_modules'));
  expect(packages.filter((name) => !name.startsWith('.')).sort()).toEqual(['mien', 'mien-models']);
  expect((await readdir(installed)).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'LICENSES-OF-PARTS.md',
    'README.md',
    'chunks',
    'example.html',
    'examples',
    'mien',
    'mien.js',
    'node.js',
    'package.json',
    'types',
  ]);
  expect((await readdir(join(installed, 'mien', 'models'))).sort()).toEqual([
    'blazeface',
    'blazeface-covered',
    'eye',
    'lite',
    'registry.json',
  ]);
});

it('its README shows the examples that are tried, and its version is in the changelog', async () => {
  const read = (name: string) => readFile(join(installed, name), 'utf8');
  const readme = await read('README.md');
  expect(readme).toContain(await read('examples/Points.jsx'));
  expect(readme).toContain(await read('examples/Points.svelte'));
  const { version } = JSON.parse(await read('package.json'));
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await read('CHANGELOG.md')).toContain(`## [${version}]`);
});

it.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
  ['esnext', 'node10'],
])(
  'has types that TypeScript finds and holds to be right: module %s, resolution %s',
  async (module, moduleResolution) => {
    await writeFile(join(project, 'user.ts'), USER_CODE);
    const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
    // TypeScript 6 still has the resolution of old projects, which asks for this.
    if (moduleResolution === 'node10') options.push('--ignoreDeprecations', '6.0');
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout, status } = spawnSync(
      process.execPath,
      [tsc, ...options, '--module', module, '--moduleResolution', moduleResolution, 'user.ts'],
      { cwd: project, encoding: 'utf8' },
    );
    expect([stdout, status]).toEqual(['', 0]);
  },
  BUILD_MS,
);

it(
  'finds in Node, by sharp, the points that the browser finds; and in an extension under its own policy',
  async () => {
    await cp(SAMPLE, join(project, 'face.png'));
    // Those of this repository, so that no registry is needed.
    for (const name of ['sharp', '@img', 'detect-libc', 'semver'])
      await cp(join(root, 'node_modules', name), join(project, 'node_modules', name), { recursive: true });
    await writeFile(join(project, 'user.mjs'), NODE_CODE);
    const told = JSON.parse(
      execFileSync(process.execPath, ['user.mjs'], { cwd: project, encoding: 'utf8' }).split('\n').at(-2)!,
    );
    expect(told).toMatchObject({ backend: 'wasm', tensors: 0, listeners: 0, missing: { code: 'bad-image' } });
    expect(told.missing.message).toContain('none.png');
    expect(told.again).toEqual(told.points);
    expect(told.points).toHaveLength(1);

    const extension = await startProject(tarballs, 'extension');
    await cp(installed, join(extension, 'mien'), { recursive: true });
    const flags = [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`];
    const profile = await launchProfile(join(tarballs.folder, 'profile'), {
      camera: 'none',
      gl: 'none',
      args: flags,
    });
    try {
      const url = `chrome-extension://${extensionId(extension)}/page.html`;
      const { points, about } = await expectSamplesFace(profile, url);
      expect(about).toMatch(/^worker: WebAssembly runs/);
      const apart = points.map((value, i) => Math.abs(value - told.points[0][i]));
      expect(Math.max(...apart)).toBeLessThan(NODE_TOLERANCE_PX);
    } finally {
      await profile.close();
    }
  },
  BUILD_MS,
);

/** Chromium's id of an extension without a key: the hash of its folder, in the letters a to p. */
function extensionId(folder: string): string {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return [...digest].map((digit) => 'abcdefghijklmnop'[parseInt(digit, 16)]).join('');
}

it(
  'marks the points of the portrait on its example page, in a worker on WebAssembly',
  async () => {
    const site = await serve({ folder: project });
    browser = await launchBrowser({ camera: 'none', gl: 'none' });
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(request.url()));
    await page.goto(`${site.url}node_modules/mien/example.html`);
    const said = () => page.locator('output').textContent();
    await expect.poll(said, { timeout: BUILD_MS }).toBe('Ready: wasm, worker');
    await page.locator('input').setInputFiles(join(root, 'static', 'samples', 'astronaut.png'));
    await expect.poll(said, { timeout: BUILD_MS }).toBe('Faces: 1');
    const marked = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const places: [number, number][] = [];
      for (let i = 0; i < data.length; i += 4) {
        const isLime = data[i] === 0 && data[i + 1] === 255 && data[i + 2] === 0;
        if (isLime) places.push([(i / 4) % canvas.width, Math.floor(i / 4 / canvas.width)]);
      }
      return places;
    });
    // A mark has at least 3 × 3 px of full colour, and neighbours may overlap.
    expect(marked.length).toBeGreaterThan(68 * 6);
    // The astronaut's nose, read off the picture by eye: px.
    expect(marked.some(([x, y]) => Math.hypot(x - 226, y - 136) < 12)).toBe(true);
    // Her face lies within this box, and no mark outside of it.
    expect(marked.every(([x, y]) => x > 150 && x < 290 && y > 50 && y < 210)).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
    await site.close();
  },
  BUILD_MS,
);

it(
  'a page without a bundler finds both packages by its import map, and takes models from another origin that allows it',
  async () => {
    await startProject(tarballs, 'plain');
    const site = await serve({ folder: tarballs.folder });
    const other = await serve({
      folder: join(installed, 'mien', 'models'),
      headersOf: () => ({ 'Access-Control-Allow-Origin': '*' }),
    });
    browser ??= await launchBrowser({ camera: 'none', gl: 'none' });
    const page = `${site.url}plain/index.html`;
    try {
      const { points, about } = await expectSamplesFace(browser, page);
      expect(about).toMatch(/^worker: WebAssembly runs/);
      // Those of another network, since the other origin has the default one.
      expect((await expectSamplesFace(browser, `${page}?${other.url}`)).points).not.toEqual(points);
    } finally {
      await site.close();
      await other.close();
    }
  },
  BUILD_MS,
);
