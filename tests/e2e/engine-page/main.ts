/** The page behind engine.test.ts: the engine as a library, and tfjs of the page's own thread beside it. */
import * as tf from '@tensorflow/tfjs-core';
import * as engine from '../../../src/engine';

const library = { ...engine, tf };
export type EnginePage = typeof library;

window.engineLibrary = library;
