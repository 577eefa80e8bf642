/**
 * A browser that has it harder than here, for who looks for tests and waits that hold only by luck: `MIEN_TIDY_MS=150` has every page and
 * worker tidy up its memory again and again, that long after the last time, and `MIEN_SLOW=4` has pages take four times as long.
 */
import { createServer } from 'node:net';

const tidyMs = Number(process.env.MIEN_TIDY_MS ?? 0);
const slowness = Number(process.env.MIEN_SLOW ?? 1);

export const isHard = tidyMs > 0 || slowness > 1;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: { readonly sessionId: string; readonly targetInfo: { readonly type: string } };
}

/** Of the debugger's own: Playwright's sessions do not reach workers. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (!address || typeof address === 'string') throw new Error('No free port for the debugger');
  return address.port;
}

async function connect(port: number): Promise<WebSocket> {
  const version = (await (await fetch(`http://127.0.0.1:${port}/json/version`)).json()) as {
    webSocketDebuggerUrl: string;
  };
  const socket = new WebSocket(version.webSocketDebuggerUrl);
  await new Promise((done, fail) => {
    socket.onopen = done;
    socket.onerror = fail;
  });
  return socket;
}

/** Makes it hard for every page and worker, now and later, of the browser whose debugger listens at `port`. */
export async function makeHard(port: number): Promise<void> {
  const socket = await connect(port);
  const sessions = new Set<string>();
  const tidied = new Map<number, string>();
  let lastId = 0;
  const send = (method: string, params: object, sessionId?: string): number => {
    socket.send(JSON.stringify({ id: ++lastId, method, params, sessionId }));
    return lastId;
  };
  const attach = (sessionId?: string) =>
    send(
      'Target.setAutoAttach',
      { autoAttach: true, waitForDebuggerOnStart: false, flatten: true },
      sessionId,
    );
  const tidy = (sessionId: string) => {
    if (socket.readyState === WebSocket.OPEN && sessions.has(sessionId))
      tidied.set(send('HeapProfiler.collectGarbage', {}, sessionId), sessionId);
  };
  socket.onmessage = ({ data }) => {
    const { id, method, params } = JSON.parse(String(data)) as Message;
    const done = id === undefined ? undefined : tidied.get(id);
    if (id !== undefined && done !== undefined) {
      tidied.delete(id);
      setTimeout(() => tidy(done), tidyMs);
    }
    if (!params) return;
    if (method === 'Target.detachedFromTarget') sessions.delete(params.sessionId);
    if (method !== 'Target.attachedToTarget' || params.targetInfo.type === 'browser_ui') return;
    sessions.add(params.sessionId);
    attach(params.sessionId);
    if (slowness > 1 && params.targetInfo.type === 'page')
      send('Emulation.setCPUThrottlingRate', { rate: slowness }, params.sessionId);
    if (tidyMs > 0) tidy(params.sessionId);
  };
  attach();
}
