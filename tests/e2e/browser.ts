/** What the browser tests, the bench and the evaluation share: a Chromium set up like a user's, and the built app. */
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { headersOf } from '../../scripts/headers.mjs';
import { serve } from '../../scripts/serve.mjs';
import { freePort, isHard, makeHard } from './hardship';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const dist = fileURLToPath(new URL('../../dist', import.meta.url));

export interface BrowserOptions {
  /**
   * What stands in for the camera: a .mjpeg or .y4m file, `'pattern'` for Chromium's moving test picture,
   * or `'none'` for a machine without one. Default: 'pattern'.
   */
  readonly camera?: 'none' | 'pattern' | (string & {});
  /** Answer of the permission prompt: allow without asking (default) or leave Playwright's permissions to decide. */
  readonly allowCamera?: boolean;
  /**
   * Graphics: `'software'` (default) does WebGL by SwiftShader; `'none'` is a machine without a graphics card, where frames
   * stay in memory. Speed on wasm is measured with the latter: fetching a frame back from SwiftShader takes 50 to 500 ms.
   */
  readonly gl?: 'software' | 'none';
  /** More Chromium flags. */
  readonly args?: readonly string[];
}

/** Nothing but the page itself may reach for the network. */
const quietFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
];

/** WebGL without a GPU, by SwiftShader: right but about 30 times slower than wasm. */
const softwareGlFlags = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

function cameraFlags(camera: string, allowCamera: boolean): string[] {
  if (camera === 'none') return [];
  return [
    '--use-fake-device-for-media-stream',
    ...(allowCamera ? ['--use-fake-ui-for-media-stream'] : []),
    ...(camera === 'pattern' ? [] : [`--use-file-for-fake-video-capture=${camera}`]),
  ];
}

/** Starts a headless Chromium with a stand-in for the camera. The caller closes it. */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  return launchHard(options, (all) => chromium.launch(all));
}

/**
 * Starts one that keeps what pages store on disk, in `folder`, as a user's does; others keep it in memory, where the room of
 * what was removed is never free again. The caller closes it.
 */
export async function launchProfile(folder: string, options: BrowserOptions = {}): Promise<BrowserContext> {
  return launchHard(options, (all) => chromium.launchPersistentContext(folder, all));
}

/** As it is, or harder where the environment says so. */
async function launchHard<T>(
  options: BrowserOptions,
  launch: (options: Awaited<ReturnType<typeof launchOptions>>) => Promise<T>,
): Promise<T> {
  const all = await launchOptions(options);
  if (!isHard) return launch(all);
  const port = await freePort();
  const browser = await launch({ ...all, args: [...all.args, `--remote-debugging-port=${port}`] });
  await makeHard(port);
  return browser;
}

/** What such a Chromium is started with, for who starts it otherwise. */
export async function launchOptions(
  options: BrowserOptions = {},
): Promise<{ executablePath: string; headless: true; args: string[]; timeout: number }> {
  const executablePath = await findBrowser();
  if (!executablePath) throw new Error('No Chromium to test with: run `node scripts/setup.mjs --tests`');
  const { camera = 'pattern', allowCamera = true, gl = 'software', args = [] } = options;
  const glFlags = gl === 'software' ? softwareGlFlags : ['--disable-gpu', '--disable-software-rasterizer'];
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return {
    executablePath,
    headless: true,
    args: [...quietFlags, ...glFlags, ...asRoot, ...cameraFlags(camera, allowCamera), ...args],
    timeout: 120_000,
  };
}

/** Serves the built app on a free port, with its headers; `url` ends with a slash. */
export function serveApp(): Promise<{ url: string; close: () => Promise<void> }> {
  return serve({ folder: dist, headersOf });
}
