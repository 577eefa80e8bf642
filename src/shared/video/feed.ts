/** Hands on what has a time, such as sound, as far as the picture beside it has come. */

/** @returns adds what begins before a time, s, and was not added yet */
export function feedFrom<Timed extends { readonly timestamp: number }>(
  items: AsyncIterator<Timed, unknown>,
  add: (item: Timed) => Promise<void>,
): (untilS: number) => Promise<void> {
  const take = async (): Promise<Timed | null> => {
    const { done, value } = await items.next();
    return done ? null : value;
  };
  let next: Timed | null | undefined;
  return async (untilS) => {
    if (next === undefined) next = await take();
    while (next && next.timestamp < untilS) {
      await add(next);
      next = await take();
    }
  };
}
