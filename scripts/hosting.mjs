// `npm run hosting`: writes the headers of headers.mjs as configuration for other servers. A test compares the files with it.
import { writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { cacheControl, contentNamedFolder, fileHeaders } from './headers.mjs';

/** @param {(name: string, value: string) => string} line */
const eachHeader = (line) =>
  Object.entries(fileHeaders)
    .map(([name, value]) => line(name, value))
    .join('\n');

const made = 'Written by `npm run hosting` from scripts/headers.mjs.';

/** In `static`, so that it ends up in `dist`, where these hosts look. Both revalidate by default. */
const netlifyAndCloudflare = `# ${made}
/*
${eachHeader((name, value) => `  ${name}: ${value}`)}
/${contentNamedFolder}/*
  Cache-Control: ${cacheControl.contentNamed}
/manifest.webmanifest
  Content-Type: application/manifest+json
`;

const nginx = `# ${made}
# nginx -t && nginx -s reload; with a certificate, since browsers give cameras to https and to localhost alone.
map $uri $mien_cache_control {
  default "${cacheControl.others}";
  ~/${contentNamedFolder}/ "${cacheControl.contentNamed}";
}

server {
  listen 8080;
  root /usr/share/nginx/html;
  index index.html;

  gzip on;
  gzip_types text/css text/javascript application/javascript application/json application/wasm image/svg+xml;

${eachHeader((name, value) => `  add_header ${name} "${value}" always;`)}
  add_header Cache-Control $mien_cache_control always;

  # nginx does not know this type.
  location ~ \\.webmanifest$ {
    types {}
    default_type application/manifest+json;
  }
}
`;

const caddy = `# ${made}
# caddy run --config Caddyfile; put the site's name in the place of :8080, and Caddy fetches a certificate.
:8080 {
  root * /srv
  encode zstd gzip

  header {
${eachHeader((name, value) => `    ${name} "${value}"`)}
  }
  @named path */${contentNamedFolder}/*
  header @named Cache-Control "${cacheControl.contentNamed}"
  @others not path */${contentNamedFolder}/*
  header @others Cache-Control "${cacheControl.others}"

  # Caddy does not know this type.
  @manifest path *.webmanifest
  header @manifest Content-Type application/manifest+json

  file_server
}
`;

/** Content of each file, by its path in the repository. @type {Readonly<Record<string, string>>} */
export const hostingFiles = {
  'static/_headers': netlifyAndCloudflare,
  'deploy/nginx.conf': nginx,
  'deploy/Caddyfile': caddy,
};

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(hostingFiles))
    await writeFile(new URL(`../${path}`, import.meta.url), text);
}
