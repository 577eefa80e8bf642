/** Every signal as Live and Photos show it: its name on the screen, its range, and where it is read. */

import { toldWeights } from '../../engine/signals/told';
import type { Signals } from '../../engine/types';

export interface SignalKind {
  /** As in settings; of a facial movement, ARKit's name. */
  readonly id: string;
  readonly label: string;
  readonly unit: '°' | '%';
  /** The range of the bar and, at first, of the strip; in the unit. */
  readonly low: number;
  readonly high: number;
  /** In the unit; undefined where the face has no such signal. */
  readonly read: (signals: Signals) => number | undefined;
}

const degrees = (id: string, label: string, limit: number, read: SignalKind['read']): SignalKind => ({
  ...{ id, label, unit: '°', low: -limit, high: limit, read },
});
const share = (
  id: string,
  label: string,
  low: number,
  high: number,
  read: SignalKind['read'],
): SignalKind => ({
  ...{ id, label, unit: '%', low, high },
  read(signals) {
    const value = read(signals);
    return value === undefined ? undefined : 100 * value;
  },
});

export const poseKinds: readonly SignalKind[] = [
  degrees('yaw', 'Yaw', 60, ({ pose }) => pose.yawDeg),
  degrees('pitch', 'Pitch', 45, ({ pose }) => pose.pitchDeg),
  degrees('roll', 'Roll', 45, ({ pose }) => pose.rollDeg),
];

export const eyeKinds: readonly SignalKind[] = [
  share('leftEye', 'Left eye', 0, 120, ({ eyes }) => eyes.left),
  share('rightEye', 'Right eye', 0, 120, ({ eyes }) => eyes.right),
];

/** Ids of those of the gaze, as in settings. */
const gazeIds = ['gazeYaw', 'gazePitch'] as const;

/** Whether a signal, by its id, is told with the gaze alone. */
export const isOfGaze = (id: string): boolean =>
  id.startsWith('eyeLook') || (gazeIds as readonly string[]).includes(id);

/** Missing where gaze is off, and while both eyes are shut or hidden. */
export const gazeKinds: readonly SignalKind[] = [
  degrees(gazeIds[0], 'Gaze yaw', 45, ({ gaze }) => gaze?.yawDeg),
  degrees(gazeIds[1], 'Gaze pitch', 30, ({ gaze }) => gaze?.pitchDeg),
];

export const mouthKinds: readonly SignalKind[] = [
  share('mouthOpening', 'Mouth opening', 0, 80, ({ mouth }) => mouth.opening),
  share('mouthWidth', 'Mouth width', 60, 140, ({ mouth }) => mouth.width),
  share('mouthAsymmetry', 'Mouth slant', -20, 20, ({ mouth }) => mouth.asymmetry),
];

export interface SignalGroup {
  readonly title: string;
  readonly kinds: readonly SignalKind[];
}

/** What is measured, by the parts of the head. @param gaze whether that is asked for */
export function measuredGroups({ gaze }: { readonly gaze: boolean }): SignalGroup[] {
  return [
    { title: 'Pose', kinds: poseKinds },
    { title: 'Eyes', kinds: eyeKinds },
    ...(gaze ? [{ title: 'Gaze', kinds: gazeKinds }] : []),
    { title: 'Mouth', kinds: mouthKinds },
  ];
}

/** Where ARKit's words do not say what moves. Left out: the side. */
const plainLabels: Readonly<Record<string, string>> = {
  ...{ browInnerUp: 'Inner brows up', browOuterUp: 'Outer brow up' },
  ...{ cheekPuff: 'Cheeks puffed', noseSneer: 'Nose wrinkled' },
  ...{ mouthRollLower: 'Lower lip rolled in', mouthRollUpper: 'Upper lip rolled in' },
  ...{ mouthShrugUpper: 'Upper lip shrugged', mouthUpperUp: 'Upper lip up' },
};

/** Its movement without the side, and the side. */
function splitSide(name: string): readonly [movement: string, side: string] {
  const [, movement, side = ''] = /^(.*?)(Left|Right)?$/.exec(name)!;
  return [movement, side.toLowerCase()];
}

function plainLabelOf(name: string): string | undefined {
  const [movement, side] = splitSide(name);
  const label = Object.hasOwn(plainLabels, movement) ? plainLabels[movement] : undefined;
  return label && side ? `${label}, ${side}` : label;
}

/** `mouthSmileLeft`: `Mouth smile, left`. */
export function labelOf(name: string): string {
  const plain = plainLabelOf(name);
  if (plain) return plain;
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  const [, body, side] = /^(.*?)(?: (left|right))?$/.exec(words)!;
  const label = body[0].toUpperCase() + body.slice(1);
  // `mouthLeft` moves the whole mouth: there is no other to tell it from.
  return side ? (body.includes(' ') ? `${label}, ${side}` : `${label} to the ${side}`) : label;
}

export function expressionKind(name: string): SignalKind {
  return share(name, labelOf(name), 0, 100, ({ expression }) =>
    Object.hasOwn(expression, name) ? expression[name] : undefined,
  );
}

const parts = [
  { title: 'Brows', begins: ['brow'] },
  { title: 'Eyes', begins: ['eye'] },
  { title: 'Cheeks and nose', begins: ['cheek', 'nose'] },
  { title: 'Jaw', begins: ['jaw', 'tongue'] },
  { title: 'Mouth', begins: ['mouth'] },
];

/** Below a heading that names the part already: `mouthSmileLeft` is `Smile, left`. */
function shortLabelOf(name: string, part: string): string {
  const plain = plainLabelOf(name);
  if (plain) return plain;
  const words = name
    .slice(part.length)
    .replace(/([A-Z])/g, ' $1')
    .trim()
    .toLowerCase();
  if (words === 'left' || words === 'right') return `To the ${words}`;
  return words[0].toUpperCase() + words.slice(1).replace(/ (left|right)$/, ', $1');
}

const compareText = (one: string, other: string) => (one < other ? -1 : Number(one > other));

/** By movement, so that its two sides stand together. */
function compareNames(one: string, other: string): number {
  const [[movement, side], [otherMovement, otherSide]] = [splitSide(one), splitSide(other)];
  return compareText(movement, otherMovement) || compareText(side, otherSide);
}

/** The movements by the part of the face, in the order of their names. @param names ARKit's */
export function expressionGroups(names: readonly string[]): SignalGroup[] {
  const sorted = [...names].sort(compareNames);
  return parts
    .map(({ title, begins }) => ({
      title,
      kinds: sorted
        .filter((name) => begins.some((word) => name.startsWith(word)))
        .map((name) => ({
          ...expressionKind(name),
          ...(begins.length === 1 && { label: shortLabelOf(name, begins[0]) }),
        })),
    }))
    .filter(({ kinds }) => kinds.length > 0);
}

const measured: ReadonlyMap<string, SignalKind> = new Map(
  measuredGroups({ gaze: true }).flatMap(({ kinds }) => kinds.map((kind) => [kind.id, kind])),
);

/** Whether the engine tells a signal of that id. */
export const isTold = (id: string): boolean => measured.has(id) || toldWeights.includes(id);

export function kindOf(id: string): SignalKind {
  return measured.get(id) ?? expressionKind(id);
}

/** `−12°`, `85 %`, with a sign where the range has both. */
export function formatSignal({ unit, low }: SignalKind, value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const whole = Math.round(value);
  const sign = whole < 0 ? '−' : low < 0 && whole > 0 ? '+' : '';
  return `${sign}${Math.abs(whole)}${unit === '°' ? '°' : ' %'}`;
}

/** At most so many movements are named strong, and none below `strongFrom` is. */
const strongCount = 3;
const strongFrom = 0.25;

/** ARKit's names of the strong movements but those of the gaze, which is told by itself; the strongest first. */
export function strongMovements(expression: Signals['expression']): string[] {
  return Object.entries(expression)
    .filter(([name, weight]) => weight >= strongFrom && !isOfGaze(name))
    .sort(([, one], [, other]) => other - one)
    .map(([name]) => name);
}

/** The strongest in one line. */
export function formatStrongest(expression: Signals['expression']): string {
  const names = strongMovements(expression).slice(0, strongCount);
  return names.map(labelOf).join(' · ') || 'At rest';
}
