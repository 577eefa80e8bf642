import { createEngine } from 'mien';
import { sayPoints } from './say-points.js';

sayPoints(createEngine);
