import { describe, expect, it } from 'vitest';
import { pathKey, sharedEnd } from './paths';

describe('paths of other programs', () => {
  it.each([
    ['set\\face.jpg', 'set/face.jpg'],
    ['./set/./face.jpg', 'set/face.jpg'],
    ['set/x/../face.jpg', 'set/face.jpg'],
    ['SET/Face.JPG', 'set/face.jpg'],
    ['Zoe\u0301 Mu\u0308ller.jpg', 'Zo\u00e9 M\u00fcller.jpg'],
    ['Zo%C3%A9%20M%C3%BCller.jpg', 'Zo\u00e9 M\u00fcller.jpg'],
    ['file:///home/x/face.jpg', 'home/x/face.jpg'],
    ['STRASSE.JPG', 'straße.jpg'],
    ['ISI.JPG', 'ısı.jpg'],
    ['O\ufb03ce.jpg', 'OFFICE.JPG'],
    ['ΟΔΟΣ.jpg', 'οδοσ.jpg'],
    ['👩🏽‍🦰 ①.jpg', '👩🏽‍🦰 ①.JPG'],
    ['שלום.jpg', 'שלום.JPG'],
    ['https://host.org/set/face.jpg?token=1#x', 'set/face.jpg'],
    ['/data/local-files/?d=set/Zo%C3%A9.jpg', 'set/Zo\u00e9.jpg'],
    ['\u200fשלום\u200e.jpg', 'שלום.jpg'],
    ['☺\ufe0f.jpg', '☺.jpg'],
  ])('%s is %s', (one, other) => {
    expect(pathKey(one)).toBe(pathKey(other));
  });

  it.each(['100%.jpg', '50%zz.jpg', 'a%ff.jpg'])('%s only looks like an address', (name) => {
    expect(pathKey(name)).toBe(name);
  });

  it('are compared by their ends', () => {
    expect(sharedEnd(pathKey('C:\\data\\set\\face.jpg'), pathKey('set/face.jpg'))).toBe(2);
    expect(sharedEnd('a/face.jpg', 'b/face.jpg')).toBe(1);
    expect(sharedEnd('a/face.jpg', 'a/interface.jpg')).toBe(0);
  });
});
