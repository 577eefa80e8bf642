/** What the Lab shows, as a part of the address: a link opens the same view again. */

export const shows = ['network', 'heatmaps', 'matters', 'compare', 'learned'] as const;
export const disturbanceKinds = ['patch', 'turn', 'scale', 'blur', 'dark', 'noise'] as const;
export const layouts = ['side', 'over'] as const;

export type Show = (typeof shows)[number];
export type DisturbanceKind = (typeof disturbanceKinds)[number];
export type Layout = (typeof layouts)[number];

export type Origin =
  | { readonly kind: 'camera' }
  | { readonly kind: 'sample' }
  | { readonly kind: 'photo'; readonly id: string }
  | { readonly kind: 'film'; readonly id: string; readonly atMs: number };

export interface LabView {
  readonly show: Show;
  /** Null: none was chosen yet. */
  readonly from: Origin | null;
  /** Id; null: the one that the app uses. */
  readonly model: string | null;
  /** Id of the model to compare with; null: none was chosen yet. */
  readonly beside: string | null;
  /** `Stage.node` of the stage that is open. */
  readonly stage: string | null;
  readonly channel: number | null;
  /** Index of a point; null: all. */
  readonly point: number | null;
  readonly disturb: DisturbanceKind;
  /** Of the disturbance, in its own unit; null: its first. */
  readonly amount: number | null;
  readonly layout: Layout;
  /** Of the film of how it learned; null: the last. */
  readonly epoch: number | null;
}

export const firstView: LabView = {
  show: 'network',
  from: null,
  model: null,
  beside: null,
  stage: null,
  channel: null,
  point: null,
  disturb: 'patch',
  amount: null,
  layout: 'side',
  epoch: null,
};

/** @param query the part of the address after `see?`; what cannot be read is as at first */
export function parseView(query: string): LabView {
  const values = new URLSearchParams(query);
  const number = (name: string) => {
    const text = values.get(name);
    return text && Number.isFinite(Number(text)) ? Number(text) : null;
  };
  const index = (name: string) => {
    const value = number(name);
    return value !== null && Number.isInteger(value) && value >= 0 ? value : null;
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[], other: T): T =>
    allowed.find((value) => value === values.get(name)) ?? other;
  return {
    show: oneOf('show', shows, firstView.show),
    from: parseOrigin(values.get('from') ?? ''),
    model: values.get('model') || null,
    beside: values.get('beside') || null,
    stage: values.get('stage') || null,
    channel: index('channel'),
    point: index('point'),
    disturb: oneOf('disturb', disturbanceKinds, firstView.disturb),
    amount: number('amount'),
    layout: oneOf('layout', layouts, firstView.layout),
    epoch: index('epoch'),
  };
}

/** The address' part of a view; what is as at first is left out. */
export function formatView(view: LabView): string {
  const values = new URLSearchParams();
  for (const key of Object.keys(firstView) as (keyof LabView)[]) {
    const value = key === 'from' ? formatOrigin(view.from) : view[key];
    if (value !== null && value !== firstView[key]) values.set(key, String(value));
  }
  return values.toString();
}

function parseOrigin(text: string): Origin | null {
  if (text === 'camera' || text === 'sample') return { kind: text };
  const [, kind, id, time] = /^(photo|film):([^@]+)(?:@(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (kind === 'photo') return { kind, id };
  return kind === 'film' ? { kind, id, atMs: Number(time ?? 0) } : null;
}

function formatOrigin(from: Origin | null): string | null {
  if (!from) return null;
  if (from.kind === 'photo') return `photo:${from.id}`;
  return from.kind === 'film' ? `film:${from.id}@${Math.round(from.atMs)}` : from.kind;
}
