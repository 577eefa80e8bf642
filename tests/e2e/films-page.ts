/** Opens the page Films, has films read there, and saves what comes out. */
import { readFile } from 'node:fs/promises';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import type { Page } from 'playwright-core';
import { readyMs, type App, type AppOptions } from './app';

export type OpenApp = (options?: AppOptions) => Promise<App>;

/** The page of films, empty, with the fastest network of all points, on wasm. */
export async function openFilms(open: OpenApp, options: AppOptions = {}): Promise<App> {
  const app = await open({ path: '?backend=wasm&model=lite#/films', ...options });
  await app.page.locator('[data-part=pick-films]').waitFor({ state: 'attached' });
  return app;
}

export const addFilms = (page: Page, files: readonly string[]) =>
  page.locator('[data-part=pick-films]').setInputFiles([...files]);

export const waitForState = (page: Page, state: string) =>
  page.locator(`[data-film][data-state=${state}]`).first().waitFor({ timeout: readyMs });

/** Adds the film and waits until it is read. */
export async function readFilmOnPage(page: Page, file: string): Promise<void> {
  await addFilms(page, [file]);
  await waitForState(page, 'done');
}

export async function openFirstFilm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open', exact: true }).first().click();
  await page.locator('[data-part=film-view][data-ready=true]').waitFor();
}

/** Saves one kind of file from the open film. @param label the beginning of its checkbox's */
export async function exportFrom(
  page: Page,
  label: string,
  frames?: string,
): Promise<{ name: string; data: Buffer }> {
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  for (const box of await dialog.getByRole('checkbox').all()) await box.setChecked(false);
  await dialog.getByRole('checkbox', { name: new RegExp(`^${label}`) }).setChecked(true);
  if (frames !== undefined) {
    await dialog.getByRole('combobox', { name: 'Frames' }).selectOption('Frames of your choice');
    await dialog.getByLabel('Their numbers').fill(frames);
  }
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const saved = await download;
  const data = await readFile(await saved.path());
  await dialog.locator('[data-part=film-export][data-state=saved]').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return { name: saved.suggestedFilename(), data };
}

/** When the sound of a film ends, ms. @throws where it has none */
export async function soundEndOf(film: Uint8Array): Promise<number> {
  const input = new Input({ source: new BufferSource(film), formats: ALL_FORMATS });
  const sound = await input.getPrimaryAudioTrack();
  if (!sound) throw new Error('film: has no sound');
  return (await sound.computeDuration()) * 1000;
}
