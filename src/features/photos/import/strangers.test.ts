import { expect, it } from 'vitest';
import { describeStranger } from './strangers';

// XML takes a browser to be read: here it is known by its text alone.
it.each([
  [
    '<annotations><version>1.1</version><image id="0" name="anna.jpg" width="9"><points points="1,2"/></image></annotations>',
    'CVAT’s own XML',
  ],
  ['<annotation><object><bndbox><xmin>1</xmin></bndbox></object></annotation>', 'Pascal VOC'],
])('%s', (text, what) => {
  expect(describeStranger(text)).toContain(what);
});

it('nothing that Mien reads is a stranger', () => {
  const known = [
    "<dataset><images><image file='a.jpg'><box top='1'><part name='0' x='1' y='2'/></box></image></images></dataset>",
    '{"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "keypoints": [1, 2, 2]}]}',
    '{"version": 2, "labels": [], "landmarks": {"points": [[1, 2]]}}',
    'picture,width,height,face,model,scheme,corrected,score,x1,y1\n',
  ];
  expect(known.map(describeStranger)).toEqual(known.map(() => null));
});
