/** Hash routes: a static host needs no rewrites, and the camera survives navigation. */

export const routes = [
  { path: '/', name: 'Live' },
  { path: '/about', name: 'About' },
] as const;

export type RoutePath = (typeof routes)[number]['path'];

/** @param hash as `location.hash`; anything unknown is the live page */
export function parseRoute(hash: string): RoutePath {
  const path = hash.replace(/^#/, '');
  return routes.find((route) => route.path === path)?.path ?? '/';
}

class Router {
  #path = $state<RoutePath>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.#path = parseRoute(location.hash)));
  }

  get path(): RoutePath {
    return this.#path;
  }
}

export const router = new Router();
