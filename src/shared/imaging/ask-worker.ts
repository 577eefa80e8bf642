/** One question to a worker of its own, which ends with the answer: what would hold up the page is done there. */

import { trustScript } from '../../engine/trusted-script';

/** What a worker answers: its result, or why there is none. */
export type Answer<T> = { readonly result: T } | { readonly message: string };

/** @param signal ends the work @throws Error saying why it failed, or the signal's reason */
export async function askWorker<T>(
  url: string,
  question: unknown,
  transfer: Transferable[],
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  const worker = new Worker(trustScript(url), { type: 'module', name: 'mien-decoder' });
  try {
    const answer = await new Promise<Answer<T>>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Answer<T>>) => resolve(data));
      worker.addEventListener('error', ({ message }) =>
        reject(new Error(message || 'its decoder could not be loaded')),
      );
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.postMessage(question, transfer);
    });
    if ('message' in answer) throw new Error(answer.message);
    return answer.result;
  } finally {
    worker.terminate();
  }
}
