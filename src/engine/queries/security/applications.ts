import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { RouterEntry, RouterObject } from '../../link/router.ts';

/** A server as the program builds it: its root router with everything mounted below. */
export interface Application {
  readonly router: RouterObject;
  /** Its own entries and those of all routers below it, each once. */
  readonly entries: readonly RouterEntry[];
  readonly endpoints: readonly Endpoint[];
  /** Folder of the deployable unit. */
  readonly unit: string;
}

/** The applications of judged files that have routes. */
export function applications({ program, endpoints, project, isJudged }: Model): Application[] {
  const bySpan = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const key = `${endpoint.span.file}:${endpoint.span.start}`;
    bySpan.set(key, [...(bySpan.get(key) ?? []), endpoint]);
  }
  const children = new Map<RouterObject, RouterObject[]>();
  for (const router of program.routers)
    if (router.parent) children.set(router.parent, [...(children.get(router.parent) ?? []), router]);
  const collect = (router: RouterObject, seen: Set<RouterObject>): RouterEntry[] => {
    if (seen.has(router)) return [];
    seen.add(router);
    const mounted = router.entries.flatMap(({ handlers }) =>
      handlers.flatMap(one => (one.k === 'router' ? [one.router] : [])),
    );
    return [router.entries, ...[...mounted, ...(children.get(router) ?? [])].map(one => collect(one, seen))].flat();
  };
  return program.routers.flatMap(router => {
    if (!router.app || !isJudged(router.span.file)) return [];
    const entries = collect(router, new Set());
    const own = new Set(entries.flatMap(({ span }) => bySpan.get(`${span.file}:${span.start}`) ?? []));
    const unit = project.packageOf(router.span.file)?.folder ?? '';
    return own.size ? [{ router, entries, endpoints: [...own], unit }] : [];
  });
}
