// The HTTP headers of the app's files: the one source for `npm start`, the tests and the configuration of other hosts.

/** Makes the page cross-origin isolated: finer clocks, SharedArrayBuffer. */
export const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Only the app's own files; WebAssembly may be compiled, no code from strings. */
const policy = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'style-src': "'self'",
  // Pictures and videos that a person opens, and those the app makes.
  'img-src': "'self' blob: data:",
  'media-src': "'self' blob:",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  // Worker URLs; XML of imported points; templates compiled by Svelte.
  'trusted-types': 'mien mien-xml svelte-trusted-html',
};

/** @param {Record<string, string>} directives */
const join = (directives) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** For `<meta http-equiv>`, on hosts without custom headers; frame-ancestors is not allowed there. */
export const metaPolicy = join(policy);

const allowed = [
  'autoplay',
  'camera',
  'clipboard-read',
  'clipboard-write',
  'fullscreen',
  'screen-wake-lock',
  'web-share',
];
const refused = [
  'accelerometer',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** Sent with every file. @type {Readonly<Record<string, string>>} */
export const fileHeaders = {
  ...isolationHeaders,
  'Content-Security-Policy': join({ ...policy, 'frame-ancestors': "'none'" }),
  'Permissions-Policy': [
    ...allowed.map((name) => `${name}=(self)`),
    ...refused.map((name) => `${name}=()`),
  ].join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Files in this folder have content hashes in their names; all others are revalidated, so that a new version is seen. */
export const contentNamedFolder = 'assets';
export const cacheControl = { contentNamed: 'public, max-age=31536000, immutable', others: 'no-cache' };

/** @param {string} path of the file under the app's URL @returns {Record<string, string>} */
export function headersOf(path) {
  const kind = path.includes(`/${contentNamedFolder}/`) ? 'contentNamed' : 'others';
  return { ...fileHeaders, 'Cache-Control': cacheControl[kind] };
}
