import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { OwnModels } from './own-models/own-models.svelte';
import { modelsCache } from './pages/addresses';
import { exposeForDebugging } from './pages/debug';
import { EngineKeeper, type CreateEngine } from './pages/engine-keeper';
import { LiveSession } from './pages/live-session.svelte';
import { ModelCatalogue } from './pages/model-catalogue.svelte';
import { parsePageOptions } from './pages/page-options';
import { createPhotosPage } from './pages/photos-page';
import { Updates } from './pwa/updates.svelte';
import { keepFocus } from './ui/keep-focus';

const catalogue = new ModelCatalogue(new OwnModels());

/** The engine is most of the app's weight, so it comes only once it is wanted. */
const createEngine: CreateEngine = async (options) => {
  const [engine, model] = await Promise.all([import('./engine'), catalogue.source(options.model)]);
  return engine.createEngine({ ...options, model, cache: modelsCache });
};

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element #app');
const options = parsePageOptions(location.search);
// What they hold outlives the pages: the camera stays open while a person reads About.
const keeper = new EngineKeeper(createEngine);
const updates = new Updates();
const session = new LiveSession(keeper, catalogue, options);
if (options.debug) exposeForDebugging(session, createEngine);
keepFocus(target);
mount(App, { target, props: { session, openPhotos: createPhotosPage(keeper, session), updates } });
// The development server has no worker to register: it would show yesterday's files.
if (import.meta.env.PROD)
  void updates.register().catch((thrown) => console.warn('Mien stays online only.', thrown));
if (options.sample) void session.start('sample');
