import { createEngine } from 'mien';
import { models } from 'mien-models/unet';

// As code that a server renders: to have both is harmless, to make an engine is not for here.
createEngine({ modelsUrl: models }).catch(({ code, message }) => console.log(`${code}: ${message}`));
