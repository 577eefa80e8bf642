/** Whether the browser has room for a file. */

/** Of what is free, so much may go to one file: the rest is for results and other pages. */
const MAX_SHARE = 0.5;

export async function hasRoomFor(bytes: number): Promise<boolean> {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota === undefined || usage === undefined) return false;
  return bytes <= MAX_SHARE * (quota - usage);
}
