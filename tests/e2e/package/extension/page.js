import { createEngine } from './mien/mien.js';
import { sayPoints } from './say-points.js';

await sayPoints(createEngine);
