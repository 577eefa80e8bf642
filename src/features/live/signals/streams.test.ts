import Ajv from 'ajv';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import schema from '../../../../docs/streams.schema.json';
import { makeFace, makeGaze, makeResult, makeSignals } from '../../../../tests/fixtures/signals';
import { jsonSchemas } from '../../../shared/formats/json-schema';
import { SignalStreams } from './streams.svelte';

const validate = new Ajv().compile(schema);
const subscribe = { type: 'mien:subscribe', version: 1 };
const result = makeResult(12.34567, [
  makeFace(makeSignals({ yawDeg: 20, gaze: makeGaze({ yawDeg: 4.56789, left: null }) })),
  makeFace(undefined, { id: 2 }),
]);
const them = 'https://game.example';

/** A window that keeps what it is sent, with the origin it was meant for. */
function fakeWindow() {
  const got: { data: { type: string; status?: string }; to: string }[] = [];
  const window = {
    postMessage: (data: never, to: string) => void got.push({ data, to }),
  } as unknown as Window;
  return { window, got };
}

/** The app's own window, opened by `opener`. */
function openedBy(opener: Window | null) {
  let hear: (event: unknown) => void = () => undefined;
  const own = {
    opener,
    addEventListener: (_: string, listener: (event: unknown) => void) => (hear = listener),
  } as unknown as Window;
  Object.assign(own, { parent: own });
  const streams = new SignalStreams(own);
  return {
    streams,
    own,
    ask: (source: unknown, origin = them, data: unknown = subscribe) => hear({ source, origin, data }),
  };
}

const statuses = (got: ReturnType<typeof fakeWindow>['got']) =>
  got.map(({ data }) => data.status ?? data.type);

let channels: { name: string; sent: unknown[]; isOpen: boolean }[] = [];
beforeEach(() => {
  channels = [];
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      readonly #record;
      constructor(name: string) {
        channels.push((this.#record = { name, sent: [] as unknown[], isOpen: true }));
      }
      postMessage(data: unknown) {
        this.#record.sent.push(data);
      }
      close() {
        this.#record.isOpen = false;
      }
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

describe('streams', () => {
  test('have an up-to-date schema in docs: `npm run schema` writes it', () => {
    expect(schema).toEqual(jsonSchemas['streams.schema.json']());
  });

  test('to pages of this site are off until they are switched on, fit the schema, and end', () => {
    const { streams } = openedBy(null);
    streams.send(result, true);
    expect([streams.isOn, channels]).toEqual([false, []]);
    streams.isBroadcasting = true;
    streams.send(result, true);
    expect(streams.isOn).toBe(true);
    expect(channels).toMatchObject([{ name: 'mien', isOpen: true }]);
    const [message] = channels[0].sent;
    expect(validate(message), JSON.stringify(validate.errors)).toBe(true);
    expect(message).toMatchObject({
      ...{ timeMs: 12.3457, width: 640, mirrored: true },
      faces: [
        { id: 1, signals: { pose: { yawDeg: 20 }, gaze: { yawDeg: 4.5679, left: null, right: { x: 300 } } } },
        { id: 2 },
      ],
    });
    // Numbers of what a face does, nothing that shows it.
    expect(JSON.stringify(message)).not.toContain('points');
    streams.isBroadcasting = false;
    streams.send(result, true);
    expect(channels).toMatchObject([{ isOpen: false }]);
    expect(channels[0].sent).toHaveLength(1);
  });

  test('a page that opened Mien gets nothing before the person allows it, and then only under its own origin', () => {
    const opener = fakeWindow();
    const { streams, ask } = openedBy(opener.window);
    ask(opener.window);
    streams.send(result, false);
    expect(streams.asking).toBe(them);
    expect(statuses(opener.got)).toEqual(['asking']);
    streams.answer(them, 'allowed');
    streams.send(result, false);
    expect(statuses(opener.got)).toEqual(['asking', 'allowed', 'mien:signals']);
    expect(opener.got.every(({ to }) => to === them)).toBe(true);
    for (const { data } of opener.got) expect(validate(data), JSON.stringify(validate.errors)).toBe(true);
    streams.answer(them, 'refused');
    streams.send(result, false);
    expect(statuses(opener.got).slice(3)).toEqual(['refused']);
    expect(streams.isOn).toBe(false);
  });

  test('who was refused is not asked about again, also after it unsubscribed', () => {
    const opener = fakeWindow();
    const { streams, ask } = openedBy(opener.window);
    ask(opener.window);
    streams.answer(them, 'refused');
    ask(opener.window, them, { type: 'mien:unsubscribe', version: 1 });
    expect(streams.askers).toEqual([]);
    ask(opener.window);
    expect(streams.asking).toBeNull();
    expect(statuses(opener.got)).toEqual(['asking', 'refused', 'refused']);
  });

  test('a page that was closed is sent nothing more, and no longer listed', () => {
    const opener = fakeWindow();
    const { streams, ask } = openedBy(opener.window);
    ask(opener.window);
    streams.answer(them, 'allowed');
    streams.send(result, false);
    Object.assign(opener.window, { closed: true });
    streams.send(result, false);
    expect(statuses(opener.got)).toEqual(['asking', 'allowed', 'mien:signals']);
    expect([streams.isOn, streams.recipients, streams.askers]).toEqual([false, [], []]);
  });

  test('a page that goes to another address is asked about anew', () => {
    const opener = fakeWindow();
    const { streams, ask } = openedBy(opener.window);
    ask(opener.window);
    streams.answer(them, 'allowed');
    ask(opener.window, 'https://other.example');
    streams.send(result, false);
    expect(streams.askers).toEqual([{ origin: 'https://other.example', status: 'asking' }]);
    expect(statuses(opener.got)).toEqual(['asking', 'allowed', 'asking']);
  });

  test('nobody else may ask: other windows, Mien itself, pages without an origin, unknown messages', () => {
    const [opener, stranger] = [fakeWindow(), fakeWindow()];
    const { streams, own, ask } = openedBy(opener.window);
    ask(stranger.window);
    ask(own);
    ask(null);
    ask(opener.window, 'null');
    ask(opener.window, them, { type: 'mien:subscribe', version: 2 });
    ask(opener.window, them, null);
    ask(opener.window, them, 'mien:subscribe');
    expect(streams.askers).toEqual([]);
    expect([...opener.got, ...stranger.got]).toEqual([]);
  });
});
