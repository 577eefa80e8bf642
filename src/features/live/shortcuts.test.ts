import { describe, expect, test } from 'vitest';
import { actionOf, shortcuts } from './shortcuts';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe('shortcuts', () => {
  test('no key and no action stands twice', () => {
    expect(new Set(shortcuts.map(({ key }) => key)).size).toBe(shortcuts.length);
    expect(new Set(shortcuts.map(({ action }) => action)).size).toBe(shortcuts.length);
  });

  test('keys mean the same with caps lock, and nothing together with Ctrl', () => {
    expect(actionOf(press('s'), 'nothing')).toBe('snapshot');
    expect(actionOf(press('S'), 'nothing')).toBe('snapshot');
    expect(actionOf(press('s', { ctrlKey: true }), 'nothing')).toBeNull();
    expect(actionOf(press('x'), 'nothing')).toBeNull();
  });

  test('a focused button keeps its Space, a list its letters', () => {
    expect(actionOf(press(' '), 'nothing')).toBe('freeze');
    expect(actionOf(press(' '), 'presses')).toBeNull();
    expect(actionOf(press('n'), 'presses')).toBe('numbers');
    expect(actionOf(press('n'), 'types')).toBeNull();
  });
});
