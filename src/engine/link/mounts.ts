import type { RouterObject } from './router.ts';

/** The routers that another one brings, and mount points that serve nothing: none of them is walked by itself. */
export function mountedRouters(routers: readonly RouterObject[]): ReadonlySet<RouterObject> {
  const mounted = new Set<RouterObject>();
  const held = new Set(routers.flatMap(heldBy));
  for (const router of routers) {
    // A mount point that nothing holds takes no application away that can serve by itself.
    const isLost = !router.app && !router.detached && !router.parent && !held.has(router) && holdsApps(router);
    for (const one of isLost ? [router] : heldBy(router)) mounted.add(one);
    if (router.parent) mounted.add(router);
  }
  return mounted;
}

function heldBy({ entries }: RouterObject): RouterObject[] {
  return entries.flatMap(({ handlers }) => handlers.flatMap(one => (one.k === 'router' ? [one.router] : [])));
}

function holdsApps({ entries }: RouterObject): boolean {
  return (
    entries.length > 0 && entries.every(({ handlers }) => handlers.every(one => one.k === 'router' && one.router.app))
  );
}
