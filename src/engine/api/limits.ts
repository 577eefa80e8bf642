/** How long the engine waits for itself. */

/**
 * A call that gives no sign of life for so long counts as hung, ms. Each pass of a network and each step of a warm-up is such
 * a sign, so a long call on a slow device is not ended; a single pass takes 5 s at worst in plain JavaScript on a phone.
 */
export const UNRESPONSIVE_MS = 30_000;

/** How long `dispose` lets a call under way go on, ms. */
export const DISPOSE_GRACE_MS = 2000;
