/** Firefox, by WebDriver BiDi, which it speaks itself: no driver is needed beside it. */
import puppeteer from 'puppeteer-core';
import { findProgram, type Engine } from './visitor';

const program = () => findProgram(['firefox-esr', 'firefox'], ['/Applications/Firefox.app/Contents/MacOS']);

export const firefox: Engine = {
  name: 'Firefox',
  missing: () => (program() ? null : 'Firefox is not installed (Debian: firefox-esr)'),
  async start() {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: program() as string,
      headless: true,
      protocolTimeout: 180_000,
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    return {
      engine: await browser.version(),
      go: async (url) => {
        await page.goto(url);
      },
      run: <T>(script: string) => page.evaluate(`(async () => { ${script} })()`) as Promise<T>,
      screenshot: () => page.screenshot(),
      close: () => browser.close(),
    };
  },
};
