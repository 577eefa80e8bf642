/** WebKit, the engine of Safari and of every browser on iPhones, as WebKitGTK: by WebDriver, on a display of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { findProgram, type Engine } from './visitor';

const startTimeoutMs = 30_000;
const scriptTimeoutMs = 180_000;

const driverProgram = () => findProgram(['WebKitWebDriver']);
const displayProgram = () => findProgram(['Xvfb']);
/** WebKitGTK's own small browser, which its driver starts by itself only where it was built with the same prefix. */
const miniBrowser = () =>
  findProgram(
    ['MiniBrowser'],
    ['4.1', '4.0', '6.0'].map((version) => `${libraries}/webkit2gtk-${version}`),
  );
const libraries = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Starts Xvfb, which chooses a free number itself and tells it. */
async function startDisplay(): Promise<{ display: string; process: ChildProcess | null }> {
  if (process.env.DISPLAY) return { display: process.env.DISPLAY, process: null };
  const options = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
  const server = spawn(displayProgram() as string, options, {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(server.stdio[3] as NodeJS.ReadableStream, 'data');
  return { display: `:${String(number).trim()}`, process: server };
}

async function connect(port: number): Promise<WebDriver> {
  const binary = miniBrowser();
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary, args: ['--automation'] },
  });
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    try {
      const builder = new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities);
      return await builder.build();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(250); // the driver is not listening yet
    }
  }
}

export const webkit: Engine = {
  name: 'WebKit',
  missing() {
    if (!driverProgram() || !miniBrowser()) return 'WebKitGTK is not installed (Debian: webkit2gtk-driver)';
    return process.env.DISPLAY || displayProgram() ? null : 'WebKitGTK needs a display (Debian: xvfb)';
  },
  async start() {
    const { display, process: server } = await startDisplay();
    const port = await freePort();
    const env = { ...process.env, DISPLAY: display };
    const driver = spawn(driverProgram() as string, [`--port=${port}`], { env, stdio: 'ignore' });
    const stop = () => {
      driver.kill();
      server?.kill();
    };
    try {
      const browser = await connect(port);
      await browser.manage().setTimeouts({ script: scriptTimeoutMs });
      const capabilities = await browser.getCapabilities();
      return {
        engine: `WebKitGTK ${capabilities.getBrowserVersion()}`,
        go: (url) => browser.get(url),
        run: async <T>(script: string) => {
          const [value, error] = await browser.executeAsyncScript<[T, string | null]>(
            `const done = arguments[arguments.length - 1];
             (async () => { ${script} })().then((value) => done([value, null]), (error) => done([null, String(error)]));`,
          );
          if (error) throw new Error(error);
          return value;
        },
        screenshot: async () => Buffer.from(await browser.takeScreenshot(), 'base64'),
        close: async () => {
          await browser.quit();
          stop();
        },
      };
    } catch (error) {
      stop();
      throw error;
    }
  },
};
