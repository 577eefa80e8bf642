/** Files of other programs that Mien does not read, known by what only they hold. */

const instead = 'which Mien does not read. Export COCO keypoints there, or .pts files.';

const strangers: readonly { readonly mark: RegExp; readonly what: string }[] = [
  {
    mark: /"shapes"\s*:[\s\S]*"imagePath"\s*:|"imagePath"\s*:[\s\S]*"shapes"\s*:/,
    what: `is a file of LabelMe, ${instead}`,
  },
  { mark: /"shape_attributes"\s*:/, what: `is a file of VGG Image Annotator (VIA), ${instead}` },
  {
    mark: /^\s*"?filename"?,"?file_size"?,"?file_attributes"?,/,
    what: `is a table of VGG Image Annotator (VIA), ${instead}`,
  },
  { mark: /<annotations>[\s\S]*<image\s[^>]*\bname=/, what: `is CVAT’s own XML, ${instead}` },
  { mark: /<annotation>[\s\S]*<bndbox>/, what: 'is a file of Pascal VOC, which has boxes and no points.' },
  { mark: /"face_keypoints_2d"\s*:/, what: 'is a file of OpenPose, whose 70 points no model here gives.' },
  { mark: /"geometryType"\s*:/, what: `is a file of Supervisely, ${instead}` },
  { mark: /"keypointlabels"\s*:/, what: `is Label Studio’s own JSON, ${instead}` },
  {
    mark: /^\s*\[\s*\{[^{}]*"image_id"\s*:/,
    what: 'is a list of results in COCO’s form, which does not name its pictures. Mien reads the form with images and annotations.',
  },
];

/** How far a file is searched. */
const SEARCHED = 100_000;

/** What a file is, as the end of a sentence that begins with its path; null where it is not known. */
export function describeStranger(text: string): string | null {
  const start = text.slice(0, SEARCHED);
  return strangers.find(({ mark }) => mark.test(start))?.what ?? null;
}
