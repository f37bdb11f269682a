import type { CallSite, Value } from '../link/values.ts';
import type { Span } from '../model/span.ts';

/** The method name of a call together with its first argument if that is short: `get('/x'`. */
export function methodSpan({ file, call }: CallSite): Span {
  const start = call.f.k === 'mem' ? call.f.np[0] : call.f.p[0];
  return { file, start, end: call.f.p[1] };
}

/** The alternatives of a path argument: arrays of paths, unions, or the one value. */
export function pathsOf(path: Value): readonly Value[] {
  if (path.k === 'array') return path.items.flatMap(pathsOf);
  return path.k === 'union' ? path.of.flatMap(pathsOf) : [path];
}
