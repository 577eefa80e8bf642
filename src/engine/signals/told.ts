/** What can be told of faces, known without the networks that tell it. */

/** Whether the points are the 68 that signals are told from. */
export function hasSignals(scheme: { readonly id?: string; readonly pointCount?: number }): boolean {
  return scheme.id === 'ibug68' && scheme.pointCount === 68;
}

/** ARKit's names of the weights that are told, those of gaze last. */
export const toldWeights: readonly string[] = [
  ...['eyeBlinkLeft', 'eyeBlinkRight', 'jawOpen', 'mouthFunnel', 'mouthLeft', 'mouthPucker', 'mouthRight'],
  ...['mouthRollLower', 'mouthRollUpper', 'mouthSmileLeft', 'mouthSmileRight'],
  ...['mouthUpperUpLeft', 'mouthUpperUpRight', 'noseSneerLeft', 'noseSneerRight'],
  ...['eyeLookUpLeft', 'eyeLookUpRight', 'eyeLookDownLeft', 'eyeLookDownRight'],
  ...['eyeLookInLeft', 'eyeLookInRight', 'eyeLookOutLeft', 'eyeLookOutRight'],
];
