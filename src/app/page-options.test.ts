import { describe, expect, test } from 'vitest';
import { parsePageOptions } from './page-options';

describe('options in the address', () => {
  test('are read', () => {
    expect(parsePageOptions('?sample&backend=wasm&thread=page&model=resnet18&debug')).toEqual({
      sample: true,
      model: 'resnet', // the successor of the one that was asked for
      backend: 'wasm',
      thread: 'page',
      debug: true,
    });
  });

  test('mean nothing when unknown', () => {
    expect(parsePageOptions('?backend=abacus&thread=gold&model=')).toEqual({
      sample: false,
      model: null,
      backend: 'auto',
      thread: 'auto',
      debug: false,
    });
  });
});
