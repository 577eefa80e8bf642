/** Files of models that are cut on the wire, damaged on the disk, or fetched by two tabs at once: what runs is whole. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { followsFace, problemOf, useApp } from './app';
import { serveApp } from './browser';

const path = '?sample&backend=wasm';
const isWeights = (asked: string) => /\/models\/(?!blazeface|eye\/)[^/]+\/[^/]+\.bin$/.test(asked);

/** To the app: breaks in the middle of files of weights, the next `cuts` times. */
const line = { cuts: 0, asked: [] as string[] };

async function serveCut() {
  const site = await serveApp();
  const server = createServer(async (request, response) => {
    const asked = request.url ?? '/';
    const answer = await fetch(new URL(asked, site.url), { headers: { 'Accept-Encoding': 'identity' } });
    const body = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (!isWeights(asked)) return response.end(body);
    line.asked.push(asked);
    if (line.cuts-- <= 0) return response.end(body);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await site.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

const open = useApp({}, serveCut);

const problems = (page: Page) => page.locator('[data-problem]').count();

test('a download that is cut begins again by itself; one that is cut over and over is told, and goes on when asked to', async () => {
  line.asked = [];
  line.cuts = 2;
  let app = await open({ path });
  await followsFace(app.page);
  const files = new Set(line.asked);
  expect(line.asked).toHaveLength(files.size + 2);
  await app.close();

  line.cuts = Infinity;
  app = await open({ path });
  expect(await problemOf(app.page)).toBe('download-failed');
  const kept = () =>
    app.page.evaluate(async () => (await (await caches.open('mien-models')).keys()).map((one) => one.url));
  expect((await kept()).filter((url) => url.includes([...files][0]))).toEqual([]);
  line.cuts = 0;
  await app.page.getByRole('button', { name: 'Try again' }).click();
  await followsFace(app.page);
  expect(app.errors).toEqual([]);
});

test('files that the disk has damaged are fetched anew, also by two tabs at once', async () => {
  const { page, errors } = await open({ path });
  await followsFace(page);
  await page.evaluate(async () => {
    const cache = await caches.open('mien-models');
    for (const key of await cache.keys()) {
      const bytes = new Uint8Array(await (await cache.match(key))!.arrayBuffer());
      bytes[bytes.length >> 1] ^= 1;
      await cache.put(key, new Response(bytes));
    }
  });
  line.asked = [];
  const other = await page.context().newPage();
  await Promise.all([page.reload(), other.goto(page.url())]);
  await other.bringToFront();
  await followsFace(other);
  await page.bringToFront();
  await followsFace(page);
  expect(line.asked.length).toBeGreaterThan(0);
  expect([await problems(page), await problems(other)]).toEqual([0, 0]);

  // What was fetched has taken the place of what was damaged.
  line.asked = [];
  await page.reload();
  await followsFace(page);
  expect(line.asked).toEqual([]);
  expect(errors).toEqual([]);
});
