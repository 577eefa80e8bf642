/** Hash routes: a static host needs no rewrites, and the camera survives navigation. */

export const routes = [
  { path: '/', name: 'Live' },
  { path: '/photos', name: 'Photos' },
  { path: '/films', name: 'Films' },
  { path: '/lab', name: 'Lab' },
  { path: '/models', name: 'Models' },
  { path: '/about', name: 'About' },
] as const;

export type RoutePath = (typeof routes)[number]['path'];

export interface Route {
  readonly path: RoutePath;
  /** What the page shows of its own, such as one picture: the part after the page's path, '' for all of it. */
  readonly detail: string;
}

/** @param hash as `location.hash`; anything unknown is the live page */
export function parseRoute(hash: string): Route {
  const [, page = '', ...rest] = hash.replace(/^#/, '').split('/');
  const path = routes.find((route) => route.path === `/${page}`)?.path ?? '/';
  return { path, detail: path === '/' ? '' : rest.join('/') };
}

class Router {
  #route = $state.raw<Route>(parseRoute(location.hash));

  constructor() {
    addEventListener('hashchange', () => (this.#route = parseRoute(location.hash)));
  }

  get path(): RoutePath {
    return this.#route.path;
  }

  get detail(): string {
    return this.#route.detail;
  }

  /** Goes there; the way back leads to where the person is now. */
  go(path: RoutePath, detail = ''): void {
    location.hash = detail ? `${path}/${detail}` : path;
  }

  /** Goes there in the place of where the person is now. */
  replace(path: RoutePath, detail = ''): void {
    location.replace(`#${detail ? `${path}/${detail}` : path}`);
  }
}

export const router = new Router();
