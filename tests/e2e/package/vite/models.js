import { createEngine } from 'mien';
import { models } from 'mien-models/unet';
import { sayPoints } from './say-points.js';

await sayPoints(createEngine, { modelsUrl: models });
