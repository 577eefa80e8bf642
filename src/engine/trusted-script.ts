/** Addresses of scripts under Trusted Types, where the browser has them: only the app's own may run. */

import { createPolicy } from './trusted-types';

const MAX_SHOWN = 200;

/**
 * The app's Content-Security-Policy allows this name. Made with the first script: where a page's does not, importing the library
 * must harm nothing.
 */
let policy: { createScriptURL(url: string): string } | null = null;

/**
 * A script's address as the browser wants it for workers; a text to TypeScript.
 * @throws TypeError where the script comes from another origin, or the page's policy does not allow the name.
 */
export function trustScript(url: string): string {
  policy ??= createPolicy('mien', { createScriptURL: ownOnly });
  return policy.createScriptURL(url);
}

function ownOnly(url: string): string {
  if (new URL(url, self.document?.baseURI ?? location.href).origin === location.origin) return url;
  // A bundler may have put the whole script into it.
  const shown = url.length > MAX_SHOWN ? `${url.slice(0, 40)}…` : url;
  throw new TypeError(`script ${shown}: comes from another origin`);
}
