/** XML as the browser's DOMParser reads it, also under Trusted Types. */

import { createPolicy } from '../../../engine/trusted-types';

/** The app's Content-Security-Policy allows this name. What it lets pass is parsed below, into a document that nothing shows or runs. */
const policy = createPolicy('mien-xml', { createHTML: (text) => text });

/** @throws Error naming the file where it is not well-formed */
export function parseXml(content: string, file: string): Document {
  const parsed = new DOMParser().parseFromString(policy.createHTML(content), 'application/xml');
  const error = parsed.querySelector('parsererror');
  if (error) throw new Error(`${file}: is not well-formed XML (${error.textContent.trim().slice(0, 120)})`);
  return parsed;
}
