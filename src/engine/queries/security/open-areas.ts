import type { Endpoint } from '../../link/endpoint.ts';

/** Routes below one path, none of which asks who is calling. */
export interface OpenArea {
  readonly path: string;
  readonly routes: readonly Endpoint[];
}

/** Fewer open routes than this are told one by one. */
const MANY = 5;

/** Where everything below a path is open, it is one decision or one guard that was forgotten, not one per route. */
export function openAreas(open: readonly Endpoint[], all: readonly Endpoint[]): OpenArea[] {
  const guarded = new Set(all.filter(({ auth }) => auth === 'yes').map(areaOf));
  const areas = new Map<string, Endpoint[]>();
  for (const endpoint of open) {
    const path = areaOf(endpoint);
    if (!guarded.has(path)) areas.set(path, [...(areas.get(path) ?? []), endpoint]);
  }
  return [...areas].filter(([, routes]) => routes.length >= MANY).map(([path, routes]) => ({ path, routes }));
}

/** `/api/interaction` of `/api/interaction/profile`: what is called api or v1 says nothing yet. */
function areaOf({ path }: Endpoint): string {
  const parts = path.split('/').filter(Boolean);
  const at = parts.findIndex(part => !/^(?:api|rest|v\d+)$/i.test(part));
  return `/${parts.slice(0, at + 1).join('/')}`;
}
