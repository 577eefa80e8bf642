/** One picture through the networks, with each stage of the app's own way replaced by the truth in turn. */
import { detectFaces } from '../../../src/engine/detect/multi-scale';
import { cropOfBox, cropOfPoints } from '../../../src/engine/geometry';
import type { Prediction } from '../../../src/engine/landmark/prediction';
import { leadingEyes } from '../../../src/engine/model/manifest';
import { createStopwatch } from '../../../src/engine/timings';
import type { Affine, Box, Points } from '../../../src/engine/types';
import { stageNetworks } from './networks';
import { loadPicture } from './pictures';

export interface FoundFace {
  /** Image px. */
  readonly points: number[];
  readonly box: Box<'image'>;
}

/** What each way finds. */
export interface StageFaces {
  /** The network on the true upright box. */
  readonly upright: readonly FoundFace[];
  /** The network on the crop that the app would make of the true points, turned with their eyes. */
  readonly turned: readonly FoundFace[];
  /** The app's search, keeping all that the detector proposes, whatever their presence. */
  readonly anyPresence: readonly FoundFace[];
  /** The app's search as it is. */
  readonly app: readonly FoundFace[];
  /** Whether the detector proposed a box anywhere. */
  readonly hasProposal: boolean;
}

const MAX_FACES = 8;

/** @param truth every point, those that nobody placed estimated; `box` the true one. */
export async function findByStages(
  url: string,
  truth: readonly number[],
  box: Box<'image'>,
): Promise<StageFaces> {
  const networks = stageNetworks();
  const { detector, landmarker, model } = networks;
  const { manifest } = model;
  const picture = await loadPicture(url);
  const watch = createStopwatch();
  let proposals = 0;
  const predict = async (crops: readonly Affine<'image', 'crop'>[]): Promise<Prediction[]> => {
    const found: Prediction[] = [];
    for (const crop of crops) found.push(...(await landmarker.landmarks(picture, [crop], watch)));
    return found;
  };
  const search = async (isPresenceIgnored: boolean): Promise<FoundFace[]> => {
    const faces = await detectFaces(
      {
        async detectTile(tile, minScore) {
          const found = await detector.detectTile(picture, tile, minScore);
          proposals += found.length;
          return found;
        },
        predict: async (crops) => {
          const found = await predict(crops);
          return isPresenceIgnored ? found.map((one) => ({ ...one, presence: null })) : found;
        },
      },
      isPresenceIgnored ? { ...manifest, presenceThreshold: 0 } : manifest,
      picture,
      { maxFaces: MAX_FACES },
    );
    return faces.map(({ prediction }) => plain(prediction));
  };
  try {
    await networks.backend.use();
    const eyes = leadingEyes(manifest);
    const points: Points<'image'> = Float32Array.from(truth);
    const straight = cropOfBox(box, manifest);
    const [upright, turned] = await predict([
      straight,
      eyes ? cropOfPoints(points, eyes, manifest) : straight,
    ]);
    return {
      upright: [plain(upright)],
      turned: [plain(turned)],
      anyPresence: await search(true),
      app: await search(false),
      hasProposal: proposals > 0,
    };
  } finally {
    picture.close();
  }
}

const plain = ({ points, box }: Prediction): FoundFace => ({ points: [...points], box: { ...box } });
