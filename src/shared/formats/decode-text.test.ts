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

  it.each([
    ['Russia', 'Анна.jpg', [0xc0, 0xed, 0xed, 0xe0]],
    ['Poland', 'Łódź.jpg', [0xa3, 0xf3, 0x64, 0x9f]],
    ['Turkey', 'ışık.jpg', [0xfd, 0xfe, 0xfd, 0x6b]],
    ['Israel', 'שלום.jpg', [0xf9, 0xec, 0xe5, 0xed]],
    ['Japan', '花子.jpg', [0x89, 0xd4, 0x8e, 0x71]],
    ['China', '安娜.jpg', [0xb0, 0xb2, 0xc4, 0xc8]],
    ['Korea', '안나.jpg', [0xbe, 0xc8, 0xb3, 0xaa]],
    ['the West', 'Zoë.jpg', [0x5a, 0x6f, 0xeb]],
  ])(
    'of a country, as a table from a spreadsheet in %s, is known by the names of pictures',
    (_, name, bytes) => {
      const table = Uint8Array.from([...latin1('picture;x\r\n'), ...bytes, ...latin1('.jpg;1,5')]);
      expect(decodeText(table, ['other.jpg', name.normalize('NFD'), 'Ünder.jpg'])).toBe(
        `picture;x\r\n${name};1,5`,
      );
    },
  );

  it('loses its byte order mark, and nothing else', () => {
    expect(decodeText(new TextEncoder().encode('\ufeff a\n'))).toBe(' a\n');
    expect(decodeText(new Uint8Array())).toBe('');
  });
});
