import { describe, expect, it } from 'vitest';
import { actionOf } from './shortcuts';

/** An element that matches what it is told: what the focus does with keys goes by selectors. */
const element = (...selectors: string[]) =>
  ({ matches: (selector: string) => selectors.includes(selector) }) as unknown as Element;
const field = element('select, textarea, input:not([type=checkbox], [type=radio], [type=range])');
const slider = element('button, a[href], summary, input', 'input[type=range]');

const press = (key: string, focused: Element | null, shiftKey = false) =>
  actionOf({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false }, focused);

describe('while a name is typed', () => {
  it('Escape leaves the field, and the film stays open', () => {
    expect(press('Escape', field)).toBe('leave-field');
    expect(press('Escape', null)).toBe('close');
    expect(press('Escape', slider)).toBe('close');
  });

  it('letters and signs are its own', () => {
    expect(['?', ' ', 'm', 'ArrowRight'].map((key) => press(key, field, key === '?'))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(press('?', null, true)).toBe('keys');
  });
});
