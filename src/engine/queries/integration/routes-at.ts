import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Span } from '../../model/span.ts';

/** Endpoints in whose way a place of the code is: those of the innermost function around it that a request reaches. */
export function routesAt({ program, reached }: Model, { file, start, end }: Span): readonly Endpoint[] {
  const around = (program.units.get(file)?.facts.functions ?? [])
    .filter(({ id, p }) => id !== 0 && p[0] <= start && end <= p[1])
    .sort((a, b) => b.p[0] - a.p[0]);
  for (const fn of around) {
    const way = reached.get(fn);
    if (way) return way.endpoints;
  }
  return [];
}
