import { createEngine } from 'mien';
import { models } from 'mien-models/unet';
import { sayPoints } from './say-points.js';

sayPoints(createEngine, { modelsUrl: models });
