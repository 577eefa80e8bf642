/** The engine as a package: built, packed, installed in an empty project, and used there by plain HTML and by TypeScript. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser, root } from './browser';

/** A build, and npm, on a busy machine. */
const BUILD_MS = 600_000;

const USER_CODE = `
import { createEngine, EngineError, type Engine, type Result } from 'mien';
export async function firstPoints(picture: Blob): Promise<Float32Array> {
  const engine: Engine = await createEngine({ maxFaces: 2 });
  const { faces }: Result = await engine.detect(picture);
  if (faces.length === 0) throw new EngineError('bad-image', 'no face');
  return faces[0].points;
}
// @ts-expect-error An option that there is not, to see that the types are there at all.
void createEngine({ faces: 2 });
`;

let project: string;
let installed: string;
let browser: Browser | null = null;

function run(folder: string, command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: 'pipe', shell: process.platform === 'win32' });
}

beforeAll(async () => {
  run(root, 'npm', 'run', 'build:lib');
  project = await mkdtemp(join(tmpdir(), 'mien-project-'));
  run(project, 'npm', 'pack', join(root, 'dist-lib'));
  const [tarball] = await readdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  run(project, 'npm', 'install', '--offline', '--no-audit', '--no-fund', `./${tarball}`);
  installed = join(project, 'node_modules', 'mien');
}, BUILD_MS);
afterAll(async () => {
  await browser?.close();
  await rm(project, { recursive: true, force: true });
});

it('holds the engine, its types, one model and what explains them, and needs no other package', async () => {
  const packages = await readdir(join(project, 'node_modules'));
  expect(packages.filter((name) => !name.startsWith('.'))).toEqual(['mien']);
  expect((await readdir(installed)).sort()).toEqual([
    'LICENSE',
    'LICENSES-OF-PARTS.md',
    'README.md',
    'assets',
    'example.html',
    'mien.js',
    'models',
    'package.json',
    'types',
  ]);
  expect((await readdir(join(installed, 'models'))).sort()).toEqual([
    'blazeface',
    'registry.json',
    'resnet-lite',
  ]);
});

it(
  'has types that TypeScript finds as Node does',
  async () => {
    await writeFile(join(project, 'user.ts'), USER_CODE);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout, status } = spawnSync(process.execPath, [tsc, ...options, 'user.ts'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect([stdout, status]).toEqual(['', 0]);
  },
  BUILD_MS,
);

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
