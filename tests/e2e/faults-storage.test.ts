/** What becomes of models and recordings when another tab of an older version holds their databases. */
import { expect, test } from 'vitest';
import { readyMs, useApp } from './app';
import { askForNextVersion, holdDatabases } from './old-version';

const open = useApp();

/** The databases as the first version of the app made them, and their stores. */
const databases = { 'mien-models': ['models', 'files'], 'mien-recordings': ['recordings', 'parts'] };

test('an older version in another tab: that is told, nothing waits for it, and afterwards all is there again', async () => {
  const { page: old } = await open({ path: 'models/registry.json' });
  await holdDatabases(old, databases);

  const page = await old.context().newPage();
  page.setDefaultTimeout(readyMs);
  await askForNextVersion(page);
  await page.goto(new URL('..', old.url()).href + '?sample&backend=wasm');
  await page.locator('[data-part=stage][data-state=running]').waitFor();
  await page.getByText('Recordings cannot be read while Mien is open in another tab').waitFor();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByText('Models of your own cannot be read while Mien is open in another tab').waitFor();

  await old.close();
  await page.reload();
  await page.locator('[data-part=own-models]').waitFor();
  expect(await page.getByText('in another tab').count()).toBe(0);
});
