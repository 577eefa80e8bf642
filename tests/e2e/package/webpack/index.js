import { createEngine } from 'mien';
import { sayPoints } from './say-points.js';

// By the address: `?page` has threads to start on the page, where a test can tell how many cores there are.
sayPoints(createEngine, location.search === '?page' ? { thread: 'page' } : {});
