/**
 * Makes the app run without a network: its shell is fetched when a version is installed, with the descriptions of all
 * models, the face detectors, the eye network and the first model. Other models are kept by the engine when they are first chosen.
 */
/// <reference lib="webworker" />

import { clientsClaim } from 'workbox-core';
import { matchPrecache, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { registerRoute, setCatchHandler } from 'workbox-routing';
import { ALL_DETECTOR_FILES } from '../engine/detect/detector-files';
import { EYE_FILES } from '../engine/gaze/eye-files';
import { loadFiles, loadRegistry } from '../engine/model/fetch';
import { openFileCache } from '../engine/model/cache';
import { parseRegistry } from '../engine/model/manifest';
import { modelsCache } from '../shared/addresses';
import { stashSharedFiles } from './pwa/shared-files';

/** Of networks that are in no registry. */
const UNLISTED_FILES = [...ALL_DETECTOR_FILES, ...EYE_FILES];

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: PrecacheEntry[] };

const { scope } = self.registration;
const modelsUrl = new URL('models/', scope).href;

// Queries such as `?sample` are the page's business; its files are the same.
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] });

const shareUrl = new URL('share', scope).href;
registerRoute(
  ({ url }) => url.href === shareUrl,
  async ({ request }) => {
    await stashSharedFiles(await request.formData(), scope);
    return Response.redirect(new URL('#/photos', scope).href, 303);
  },
  'POST',
);

// A file of the shell is gone from storage and the server has another version by now: that one will do.
setCatchHandler(({ request }) => fetch(request));

async function keepFirstModel(): Promise<void> {
  const registry = await loadRegistry(modelsUrl);
  const descriptions = registry.flatMap(({ path, files }) => files.filter((file) => file.path === path));
  const files = new Map(
    [...descriptions, ...registry[0].files, ...UNLISTED_FILES].map((file) => [file.path, file]),
  );
  await loadFiles(modelsUrl, [...files.values()], () => {}, { cache: modelsCache });
}

const decodersCache = 'mien-decoders';
/** The decoder of HEIC, which few need: 0.5 MB as servers compress it. */
const decoders = /\/assets\/libheif-[^/]+\.(js|wasm)$/;

/** Kept when it is first used, in place of the file of an earlier version. */
async function keepDecoder(request: Request): Promise<Response> {
  const cache = await caches.open(decodersCache);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (!answer.ok) return answer;
  const kind = decoders.exec(request.url)![1];
  const earlier = (await cache.keys()).filter(({ url }) => decoders.exec(url)?.[1] === kind);
  await Promise.all(earlier.map((old) => cache.delete(old)));
  // Where storage is full it is fetched again next time.
  await cache.put(request.url, answer.clone()).catch(() => {});
  return answer;
}

registerRoute(
  ({ url }) => url.href.startsWith(scope) && decoders.test(url.pathname),
  ({ request }) => keepDecoder(request),
);

/** Files that the installed version has no use for: those of models that changed or went. */
async function dropOldModels(): Promise<void> {
  const registry = await matchPrecache('models/registry.json');
  const cache = await openFileCache(modelsCache, modelsUrl);
  if (!registry || !cache) return;
  const entries = parseRegistry(await registry.json(), 'registry.json');
  await cache.keepOnly([...entries.flatMap(({ files }) => files), ...UNLISTED_FILES]);
}

self.addEventListener('install', (event) => event.waitUntil(keepFirstModel()));
self.addEventListener('activate', (event) => event.waitUntil(dropOldModels()));
// The page asks for it, once the person has.
self.addEventListener('message', ({ data }) => {
  if (data?.type === 'SKIP_WAITING') void self.skipWaiting();
});
// The first visit can do without a network as soon as everything is there.
clientsClaim();
