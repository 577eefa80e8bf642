// Finds a Chromium for the tests: MIEN_BROWSER or CHROMIUM_PATH, an installed one, or Playwright's download.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of a Chromium, or null when there is none.
 * @returns {Promise<string | null>}
 * @throws when MIEN_BROWSER or CHROMIUM_PATH names a file that cannot be run
 */
export async function findBrowser() {
  const named = process.env.MIEN_BROWSER || process.env.CHROMIUM_PATH;
  if (named) {
    if (!isExecutable(named))
      throw new Error(`No executable browser at ${named} (MIEN_BROWSER or CHROMIUM_PATH)`);
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const { chromium } = await import('playwright-core');
  return [...candidates, ...fixedPlaces, chromium.executablePath()].find(isExecutable) ?? null;
}
