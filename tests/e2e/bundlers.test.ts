/**
 * The packed library in other people's projects: Vite, webpack and Next.js as they come, with no word in their settings about it, and
 * bundlers that leave files where they are.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest';
import { serve } from '../../scripts/serve.mjs';
import { launchBrowser } from './browser';
import { BUILD_MS, install, packLibrary, run, startProject, type Tarballs } from './packed';
import { expectSamplesFace } from './said';

const VITE = [
  'vite@8.3.8',
  'svelte@5.57.3',
  '@sveltejs/vite-plugin-svelte@7.3.1',
  'react@19.3.1',
  'react-dom@19.3.1',
];
const WEBPACK = ['webpack@5.113.0', 'webpack-cli@6.0.1'];
/** The last Vite that bundles packages with esbuild while one develops, and what takes no files along. */
const MODULES = ['vite@7.3.8', 'esbuild@0.28.2', 'rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3'];
const NEXT = ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'];

let tarballs: Tarballs;
let browser: Browser;

beforeAll(async () => {
  tarballs = await packLibrary();
  browser = await launchBrowser({ camera: 'none', gl: 'none' });
}, BUILD_MS);
afterAll(async () => {
  await browser?.close();
  if (tarballs) await rm(tarballs.folder, { recursive: true, force: true });
});

/** A project with these packages; skips the test, and says why, where the registry does not give them. */
async function projectWith(
  { skip }: TestContext,
  name: string,
  samples: string,
  packages: readonly string[],
): Promise<string> {
  const project = await startProject(tarballs, name, samples);
  const obstacle = install(project, tarballs.mien, tarballs.models, ...packages);
  if (obstacle) skip(obstacle);
  return project;
}

/** Serves the folder while `visit` runs. */
async function visiting<T>(folder: string, visit: (url: string) => Promise<T>): Promise<T> {
  const site = await serve({ folder });
  try {
    return await visit(site.url);
  } finally {
    await site.close();
  }
}

/** Vite's development server, until `visit` has run. */
async function developing(
  project: string,
  visit: (url: string) => Promise<unknown>,
  ...args: string[]
): Promise<void> {
  const cli = join(project, 'node_modules', 'vite', 'bin', 'vite.js');
  const server = spawn(process.execPath, [cli, '--host', '127.0.0.1', ...args], {
    cwd: project,
    env: { ...process.env, NO_COLOR: '1' },
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      server.stdout.on('data', (text) => {
        said += text;
        const found = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(said);
        if (found) resolve(found[0]);
      });
      server.on('exit', () => reject(new Error(`vite ended: ${said}`)));
    });
    await visit(url);
  } finally {
    server.kill();
  }
}

it(
  'Vite builds and serves it, with a model of the second package, and in React and Svelte',
  async (context) => {
    const project = await projectWith(context, 'vite', 'public', VITE);
    run(project, 'npx', '--no-install', 'vite', 'build');
    await visiting(join(project, 'dist'), async (url) => {
      expect((await expectSamplesFace(browser, url)).about).toMatch(/^worker: WebAssembly runs/);
      await expectSamplesFace(browser, `${url}models.html`);
      await expectSamplesFace(browser, `${url}react.html`);
      await expectSamplesFace(browser, `${url}svelte.html`);
    });
    await developing(project, async (url) => {
      expect((await expectSamplesFace(browser, url)).about).toMatch(/^worker: WebAssembly runs/);
    });
  },
  BUILD_MS,
);

it(
  'an older Vite serves it while one develops, though it moves the code; esbuild and Rollup write it, its files beside',
  async (context) => {
    const project = await projectWith(context, 'modules', '', MODULES);
    const develop = async (url: string) => {
      expect((await expectSamplesFace(browser, url)).about).toMatch(/^worker: WebAssembly runs/);
      await expectSamplesFace(browser, `${url}models.html`);
    };
    await developing(project, develop);
    await developing(project, develop, '--base', '/below/');

    /** What a bundler wrote into the folder, with what it left. */
    const visitWritten = async (folder: string, ...pages: string[]) => {
      const written = join(project, folder);
      for (const file of ['index.html', 'models.html', 'face.png'])
        await cp(join(project, file), join(written, file));
      for (const name of ['mien', 'mien-models'])
        await cp(join(project, 'node_modules', name, name), join(written, name), { recursive: true });
      await visiting(written, async (url) => {
        for (const page of pages)
          expect((await expectSamplesFace(browser, url + page)).about).toMatch(/^worker: WebAssembly runs/);
      });
    };
    const npx = (...args: string[]) => run(project, 'npx', '--no-install', ...args);
    npx('esbuild', 'main.js', 'models.js', '--bundle', '--format=esm', '--splitting', '--outdir=esbuild');
    await visitWritten('esbuild', '', 'models.html');
    npx('rollup', 'main.js', 'models.js', '--dir', 'rollup', '-p', 'node-resolve');
    await visitWritten('rollup', '', 'models.html');
    // A script that is no module knows no address of its own.
    npx(
      'esbuild',
      'main.js',
      '--bundle',
      '--define:import.meta.url=document.baseURI',
      '--outfile=script/main.js',
    );
    await visitWritten('script', '');
    npx('esbuild', 'server.js', '--bundle', '--platform=node', '--outfile=server.cjs');
    const said = execFileSync(process.execPath, ['server.cjs'], { cwd: project, encoding: 'utf8' });
    expect(said).toMatch(/^download-failed: engine: its files have no address.*mien\/node/);
  },
  BUILD_MS,
);

it(
  'webpack bundles it, the script of its threads too, which webpack minifies',
  async (context) => {
    const project = await projectWith(context, 'webpack', 'dist', WEBPACK);
    run(project, 'npx', '--no-install', 'webpack');
    run(project, process.execPath, '-e', "fs.copyFileSync('index.html', 'dist/index.html')");
    await visiting(join(project, 'dist'), async (url) => {
      expect((await expectSamplesFace(browser, url)).about).toMatch(/^worker: WebAssembly runs/);
      const { about } = await expectSamplesFace(browser, `${url}?page`, 4);
      expect(about).toMatch(/^page: WebAssembly runs on 2 threads/);
    });
  },
  BUILD_MS,
);

it(
  'Next.js renders it on the server and bundles it',
  async (context) => {
    const project = await projectWith(context, 'next', 'public', NEXT);
    run(project, 'npx', '--no-install', 'next', 'build');
    await visiting(join(project, 'out'), async (url) => {
      expect((await expectSamplesFace(browser, url)).about).toMatch(/^worker: WebAssembly runs/);
    });
  },
  BUILD_MS,
);
