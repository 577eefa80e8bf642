import { mount } from 'svelte';
import { shippedFiles } from '../engine/api/shipped-files';
import { startAhead } from '../engine/api/worker-script';
import { LiveSession } from '../features/live/session.svelte';
import { EngineHost } from '../services/engine/engine-host';
import type { CreateEngine } from '../services/engine/loaded-engines.svelte';
import { Models } from '../services/models/models.svelte';
import { OwnModels } from '../services/models/own-models.svelte';
import { SettingsService } from '../services/settings-service.svelte';
import { modelsCache } from '../shared/addresses';
import { restoreFocus } from '../shared/ui/restore-focus';
import App from './App.svelte';
import './app.css';
import { exposeForDebugging } from './debug';
import { mendLanguage } from './language';
import { createFilmsOpener } from './open-films';
import { labPictures } from './open-lab';
import { createPhotosOpener } from './open-photos';
import { parsePageOptions } from './page-options';
import { Updates } from './pwa/updates.svelte';

mendLanguage(navigator);
const options = parsePageOptions(location.search);
// The sample begins by itself: the engine's worker starts while the page still loads.
if (options.sample && options.thread !== 'page') startAhead(shippedFiles().worker);
const models = new Models(new OwnModels());

/** The engine is most of the app's weight, so it comes only once it is wanted. */
const createEngine: CreateEngine = async (options) => {
  const [engine, model] = await Promise.all([import('../engine'), models.source(options.model)]);
  return engine.createEngine({ ...options, model, cache: modelsCache });
};

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element #app');
// What they hold outlives the pages.
const settings = new SettingsService(options);
const host = new EngineHost({
  create: createEngine,
  engineOptions: () => {
    const { maxFaces, smoothing } = settings.current;
    return { ...settings.place, detector: settings.detector, maxFaces, smoothing };
  },
  firstModel: () => models.list[0]?.id ?? null,
});
const services = { host, models, settings };
const session = new LiveSession(services);
const openPhotos = createPhotosOpener(services);
const films = createFilmsOpener(services, openPhotos);
const pictures = labPictures(openPhotos, films);
const lab = { ...services, pictures, releaseCamera: () => session.rest() };
const updates = new Updates();
if (options.debug) exposeForDebugging(session, createEngine);
restoreFocus(target);
mount(App, {
  target,
  props: { session, models, settings, openPhotos, films, lab, updates },
});
// The development server has no worker to register: it would show yesterday's files.
if (import.meta.env.PROD)
  void updates.register().catch((thrown) => console.warn('Mien stays online only.', thrown));
if (options.sample) void session.start('sample');
