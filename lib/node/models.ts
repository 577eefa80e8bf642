/** Where models lie, as callers in Node say it: paths besides addresses. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { modelsOver } from '../../src/engine/models-url';
import type { EngineOptions, ModelAddresses } from '../../src/engine/types';

/** Two letters at least: one is a drive of Windows. */
const SCHEME = /^[a-z][a-z\d+.-]+:/i;

/** @param own addresses of the package's models. @param given a path counts from the working directory. */
export function nodeModels(
  own: ModelAddresses,
  given: EngineOptions['modelsUrl'],
): NonNullable<EngineOptions['modelsUrl']> {
  const models = modelsOver(own, given);
  // Paths may hold what addresses write otherwise, such as # and %.
  return typeof models === 'string' && !SCHEME.test(models) ? pathToFileURL(resolve(models)) : models;
}
