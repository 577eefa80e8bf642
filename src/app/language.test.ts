import { expect, test } from 'vitest';
import { mendLanguage } from './language';

test.each([
  ['C', 'en'],
  ['', 'en'],
  ['de-CH', 'de-CH'],
])('%o becomes %o, and numbers can be written in it', (language, expected) => {
  const navigator = Object.create({ language }) as Navigator;
  mendLanguage(navigator);
  expect(navigator.language).toBe(expected);
  expect(new Intl.NumberFormat(navigator.language).format(1)).toBe('1');
});
