/** Models as files that a person might bring: made, dropped on the page Models, and found there. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadZip } from 'client-zip';
import type { Page } from 'playwright-core';
import type { ModelFiles } from '../../src/engine/model/model-files';
import { changed, toBuffer } from '../fixtures/hostile-models';
import { root } from './browser';

export const SHARD = 'group1-shard1of1.bin';
const shipped = (name: string) => toBuffer(readFileSync(join(root, 'static/models/nose-b', name)));

/** What training would have left: a small model that ships, under another name. */
export function createNose(id: string, title: string): ModelFiles {
  const files = new Map(['model.json', SHARD].map((name) => [name, shipped(name)]));
  return changed(files, (json) => Object.assign(json.userDefinedMetadata.mien, { id, title }));
}

/** @returns the path of the ZIP */
export async function writeZip(folder: string, name: string, files: ModelFiles): Promise<string> {
  const path = join(folder, name);
  const entries = [...files].map(([entry, input]) => ({ name: entry, input }));
  await writeFile(path, Buffer.from(await downloadZip(entries).arrayBuffer()));
  return path;
}

/** Drops a file on the page, as from the desktop. */
export async function drop(page: Page, path: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await cdp.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  await cdp.detach();
}

/** The cards of what was brought under this id. */
export const cardsOf = (page: Page, id: string) => page.locator(`article[data-model^=${id}-]`);
