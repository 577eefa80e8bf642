/** The names of a ZIP's entries: in UTF-8, as most programs write them, or in the code page 437, as Windows does (APPNOTE, appendix D). */

/** The characters from 128 on. */
const CODE_PAGE_437 = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ',
  'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐',
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ',
].join('');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Not by the flag for UTF-8, which programs forget: other names hardly ever are UTF-8 by chance. */
export function decodeName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128],
    ).join('');
  }
}
