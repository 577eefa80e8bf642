/** The page behind photos-intake.test.ts: what takes pictures in and gives faces out, and pictures made up for it. */
import * as output from '../../../src/shared/formats';
import PQueue from 'p-queue';
import * as intake from '../../../src/features/photos/import';

/** Four quarters: red and green over blue and white. */
async function drawQuarters(width: number, height: number, type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  ['red', 'lime', 'blue', 'white'].forEach((colour, i) => {
    context.fillStyle = colour;
    context.fillRect((i % 2) * (width / 2), Math.floor(i / 2) * (height / 2), width / 2, height / 2);
  });
  const blob = await canvas.convertToBlob({ type, quality: 0.95 });
  // Chromium writes another type without a word where it cannot write the one asked for.
  if (blob.type !== type) throw new Error(`this browser writes no ${type}`);
  return blob;
}

/** The JPEG with a segment that says how the camera was held: 1 to 8, as EXIF counts. */
async function withOrientation(blob: Blob, orientation: number): Promise<Blob> {
  const tag = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...tag, 0, 0, 0, 0];
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
  const segment = Uint8Array.from([0xff, 0xe1, 0, exif.length + 2, ...exif]);
  return new Blob([blob.slice(0, 2), segment, blob.slice(2)], { type: blob.type });
}

/** Colours in the middles of the four quarters, row by row, each as one of r, g, b, w or a number. */
function quartersOf(picture: ImageBitmap): string {
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
  context.drawImage(picture, 0, 0);
  const names: Readonly<Record<string, string>> = { '1,0,0': 'r', '0,1,0': 'g', '0,0,1': 'b', '1,1,1': 'w' };
  return [0, 1, 2, 3]
    .map((i) => {
      const x = Math.floor(picture.width * (0.25 + 0.5 * (i % 2)));
      const y = Math.floor(picture.height * (0.25 + 0.5 * Math.floor(i / 2)));
      const [red, green, blue] = context.getImageData(x, y, 1, 1).data;
      return (
        names[[red, green, blue].map((value) => Math.round(value / 255)).join()] ??
        `(${red},${green},${blue})`
      );
    })
    .join('');
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

const incoming = (blob: BlobPart, name: string) => ({ file: new File([blob], name), folder: '', truth: [] });

const open = (blob: BlobPart, name: string) => openFile(new File([blob], name));

/** What became of a file: sizes and colours of all three copies, or the error. */
async function openFile(file: File) {
  try {
    const { photo, bitmap, notes } = await intake.openPicture({ file, folder: '', truth: [] });
    const screen = await intake.screenCopyOf(bitmap);
    const thumbnail = await createImageBitmap(photo.thumbnail);
    const copies = [bitmap, screen, thumbnail].map((copy) => ({
      size: [copy.width, copy.height],
      quarters: quartersOf(copy),
    }));
    for (const copy of [bitmap, screen, thumbnail]) copy.close();
    const { type, width, height } = photo;
    return { type, size: [width, height], thumbnailType: photo.thumbnail.type, copies, notes };
  } catch (error) {
    if (!(error instanceof intake.PictureError)) throw error;
    return { problem: error.problem, file: error.file, message: error.message };
  }
}

/** Measures the longest time in which the page could do nothing else, ms. */
function startPulse(): { stop: () => number } {
  let lastMs = performance.now();
  let longestMs = 0;
  const beat = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const timer = setInterval(beat, 10);
  return {
    stop: () => {
      beat();
      clearInterval(timer);
      return longestMs;
    },
  };
}

const library = {
  ...intake,
  ...output,
  PQueue,
  drawQuarters,
  withOrientation,
  quartersOf,
  bytesOf,
  incoming,
  open,
  openFile,
  startPulse,
};
export type PhotosPage = typeof library;

window.photosLibrary = library;
