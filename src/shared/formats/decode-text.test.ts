import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text';

const latin1 = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const xml = (encoding: string) => `<?xml version='1.0' encoding='${encoding}'?><image file='Zo\u00e9.jpg'/>`;

describe('text', () => {
  it('of XML is in the encoding that it declares', () => {
    expect(decodeText(latin1(xml('ISO-8859-1')))).toBe(xml('ISO-8859-1'));
    // In Cyrillic the same byte is another letter.
    expect(decodeText(latin1(xml('windows-1251')))).toContain('Zo\u0439.jpg');
  });

  it('of XML is UTF-8 where it is that, whatever it declares, as from imglab', () => {
    expect(decodeText(new TextEncoder().encode(xml('ISO-8859-1')))).toBe(xml('ISO-8859-1'));
  });

  it('of an encoding that nobody knows is still read', () => {
    expect(decodeText(latin1(xml('x-none')))).toBe(xml('x-none'));
  });

  it('loses its byte order mark, and nothing else', () => {
    expect(decodeText(new TextEncoder().encode('\ufeff a\n'))).toBe(' a\n');
    expect(decodeText(new Uint8Array())).toBe('');
  });
});
