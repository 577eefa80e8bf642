/** Policies of Trusted Types, where the browser has them. */

interface Rules {
  readonly createHTML?: (text: string) => string;
  readonly createScriptURL?: (url: string) => string;
}

/** Missing in TypeScript's DOM types. @see https://www.w3.org/TR/trusted-types/ */
interface PolicyFactory {
  createPolicy<R extends Rules>(name: string, rules: R): R;
}

/**
 * The rules, whose results the browser takes where it wants trusted ones; texts to TypeScript.
 * @param name that the Content-Security-Policy allows; made once.
 */
export function createPolicy<R extends Rules>(name: string, rules: R): R {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  return trustedTypes ? trustedTypes.createPolicy(name, rules) : rules;
}
