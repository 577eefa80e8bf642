import { createEngine } from 'mien';
import { sayPoints } from './say-points.js';

await sayPoints(createEngine);
