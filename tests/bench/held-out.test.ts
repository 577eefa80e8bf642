import { expect, it } from 'vitest';
import { isHeldOut } from './held-out';

it('people of CFP above 400 are held out, and a tenth of AFLW2000 by the hash of the name, as in training', () => {
  expect(isHeldOut('data/cfp/profile/400_01.jpg')).toBe(false);
  expect(isHeldOut('data/cfp/frontal/401_09.jpg')).toBe(true);
  // As many as `drawn_by_hash` of training draws.
  const drawn = Array.from(
    { length: 5000 },
    (_, i) => `data/aflw2000_rest/image${String(i).padStart(5, '0')}.jpg`,
  );
  expect(drawn.filter(isHeldOut)).toHaveLength(475);
  expect(isHeldOut('data/300w/lfpw/testset/image_0001.jpg')).toBe(true);
});
