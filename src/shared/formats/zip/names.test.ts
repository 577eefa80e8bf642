import { expect, it } from 'vitest';
import { decodeName } from './names';

it.each([
  ['UTF-8', [0x4d, 0xc3, 0xbc, 0x2e, 0x6a], 'Mü.j'],
  ['the code page 437', [0x4d, 0x81, 0x6c, 0x94, 0x2e, 0x6a], 'Mülö.j'],
  ['its last character', [0x61, 0xfe, 0xff], 'a■\u00a0'],
])('is read in %s', (_, bytes, name) => {
  expect(decodeName(Uint8Array.from(bytes))).toBe(name);
});
