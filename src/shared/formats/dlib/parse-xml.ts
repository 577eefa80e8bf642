/** XML as the browser's DOMParser reads it, also under Trusted Types. */

/** Missing in TypeScript's DOM types. @see https://www.w3.org/TR/trusted-types/ */
interface PolicyFactory {
  createPolicy(
    name: string,
    rules: { createHTML: (text: string) => string },
  ): { createHTML(text: string): string };
}

/** The app's Content-Security-Policy allows this name. What it lets pass is parsed below, into a document that nothing shows or runs. */
const policy = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes?.createPolicy('mien-xml', {
  createHTML: (text) => text,
});

/** @throws Error naming the file where it is not well-formed */
export function parseXml(content: string, file: string): Document {
  const text = policy ? policy.createHTML(content) : content;
  const parsed = new DOMParser().parseFromString(text, 'application/xml');
  const error = parsed.querySelector('parsererror');
  if (error) throw new Error(`${file}: is not well-formed XML (${error.textContent.trim().slice(0, 120)})`);
  return parsed;
}
