/** Addresses of scripts under Trusted Types, where the browser has them: only the app's own may run. */

/** Missing in TypeScript's DOM types. @see https://www.w3.org/TR/trusted-types/ */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string };
}

/** The app's Content-Security-Policy allows this name. */
const policy = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('mien', {
  createScriptURL: ownOnly,
});

/**
 * A script's address as the browser wants it for workers; a text to TypeScript.
 * @throws TypeError where the script comes from another origin.
 */
export function trustScript(url: string): string {
  return policy ? policy.createScriptURL(url) : ownOnly(url);
}

function ownOnly(url: string): string {
  if (new URL(url, self.document?.baseURI ?? location.href).origin === location.origin) return url;
  throw new TypeError(`script ${url}: comes from another origin`);
}
