/** Bytes of a text file to text, whichever encoding a program or a country chose. */

/** How far a file is searched for zeros, which tell UTF-16 without a mark. */
const SEARCHED_BYTES = 512;

/**
 * By its byte order mark, else as UTF-8 where it is that, else by the encoding that an XML declaration names, else as
 * Windows-1252, of which Latin-1 is a part. UTF-8 goes before the declaration since imglab declares ISO-8859-1 whatever it writes,
 * and words in Latin-1 are hardly ever UTF-8. The mark itself is dropped.
 * @param names that the text may hold: where the bytes do not tell the encoding, it is that of a country in which most of these
 *   stand in the text
 */
export function decodeText(bytes: Uint8Array, names: readonly string[] = []): string {
  const marked = markedEncoding(bytes) ?? unmarkedUtf16(bytes);
  if (marked) return decode(bytes, marked);
  const declared = declaredEncoding(bytes);
  const told = tryDecode(bytes, 'utf-8') ?? (declared && tryDecode(bytes, declared));
  return told ?? decode(bytes, encodingWith(names, bytes));
}

/** Of Windows in Western Europe first, then in other countries, as Excel writes plain CSV there, and of older systems. */
const ofCountries = [
  'windows-1252',
  ...[1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258, 874].map((page) => `windows-${page}`),
  ...['gb18030', 'shift_jis', 'big5', 'euc-kr', 'ibm866', 'koi8-r', 'macintosh'],
];

/** The first encoding in which the most of the names stand in the text. */
function encodingWith(names: readonly string[], bytes: Uint8Array): string {
  const comparable = (text: string) => text.normalize('NFC').toLowerCase();
  // The others are alike in all encodings.
  const telling = names.map(comparable).filter((name) => /[^\x20-\x7e]/.test(name));
  if (telling.length === 0) return ofCountries[0];
  const countIn = (encoding: string) => {
    const text = comparable(tryDecode(bytes, encoding) ?? '');
    return telling.filter((name) => text.includes(name)).length;
  };
  const counts = ofCountries.map(countIn);
  return ofCountries[counts.indexOf(Math.max(...counts))];
}

function markedEncoding([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return null;
}

/** Every other byte of plain English in UTF-16 is 0; no text in UTF-8 holds any. */
function unmarkedUtf16(bytes: Uint8Array): string | null {
  const start = bytes.subarray(0, SEARCHED_BYTES & ~1);
  const zerosAt = (parity: number) => start.filter((byte, i) => byte === 0 && i % 2 === parity).length;
  const [even, odd] = [zerosAt(0), zerosAt(1)];
  if (Math.max(even, odd) < start.length / 4 || Math.min(even, odd) > 0) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** `<?xml version="1.0" encoding="…"?>` */
function declaredEncoding(bytes: Uint8Array): string | null {
  const start = String.fromCharCode(...bytes.subarray(0, SEARCHED_BYTES));
  return /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1] ?? null;
}

/** @returns null where the bytes are not of that encoding, or the browser does not know it */
function tryDecode(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decode(bytes: Uint8Array, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes);
}
