import type { Endpoint } from '../../link/endpoint.ts';
import { eachExpr, eachExprIn } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import { covers } from '../../link/paths.ts';
import { belongsTo, type Unit } from '../../link/units.ts';
import type { Setting } from '../../model/document.ts';
import type { Expr, FileFacts } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { isRead } from '../health-routes.ts';

/** Something outside of the program that asks it for a path over and over. */
export interface Probe {
  /** `liveness`, `readiness`, `startup`, `HEALTHCHECK`. */
  readonly what: string;
  readonly path: string;
  readonly port: Setting<number | string> | undefined;
  readonly span: Span;
  /** Whether `span` is the path alone, rather than a command with a URL in it. */
  readonly exact: boolean;
}

const LOCAL_URL =
  /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+|\$\{?\w+(?::-\d+)?\}?))?(\/[^\s"'`|;)?#]*)?/;

/** Probes by HTTP of the containers that run a unit. */
export function probesOf({ workloads, images, composeServices }: Unit): readonly Probe[] {
  const out: Probe[] = [];
  for (const { path: file, container } of workloads)
    for (const { probe, handler, path, port } of container.probes) {
      if (handler !== 'http' || !path?.value || /[${}]/.test(path.value)) continue;
      out.push({
        what: `${probe} probe`,
        path: withoutQuery(path.value),
        port,
        span: { file, start: path.start, end: path.end },
        exact: true,
      });
    }
  const fromCommand = (
    file: string,
    what: string,
    words: readonly { value: string | null; start: number; end: number }[],
  ): void => {
    for (const { value, start, end } of words) {
      const match = LOCAL_URL.exec(value ?? '');
      if (!match || /\$/.test(match[2] ?? '')) continue;
      const number = Number(match[1]);
      const port = match[1] ? { value: Number.isInteger(number) ? number : null, start, end } : undefined;
      out.push({ what, path: match[2] ?? '/', port, span: { file, start, end }, exact: false });
    }
  };
  for (const { path, stage } of images) fromCommand(path, 'HEALTHCHECK', stage.healthcheck?.command?.words ?? []);
  for (const { path, service } of composeServices)
    if (!service.healthcheck?.disabled) fromCommand(path, 'healthcheck', service.healthcheck?.test?.words ?? []);
  return out;
}

export type Served =
  | { readonly is: 'served'; readonly by: Endpoint | undefined }
  | { readonly is: 'guarded' | 'other-method'; readonly by: Endpoint }
  /** A route of that name exists below a prefix that the probe leaves out. */
  | { readonly is: 'moved'; readonly by: Endpoint }
  | { readonly is: 'missing' };

/** Whether a unit answers GET for a path; what cannot be ruled out counts as served. */
export function servedBy(model: Model, unit: Unit, path: string): Served {
  const matching = unit.routes.filter(route => covers(route.path, path, 'exact') !== false || /\*|\(/.test(route.path));
  const read = matching.filter(route => isRead(route.method));
  if (read.length) {
    const [by] = read;
    return read.every(route => route.auth === 'yes') && by ? { is: 'guarded', by } : { is: 'served', by };
  }
  const [other] = matching;
  if (other) return { is: 'other-method', by: other };
  const moved = unit.routes.filter(route => isRead(route.method) && path !== '/' && route.path.endsWith(path));
  if (moved.length) return { is: 'moved', by: moved[0]! };
  return isMentioned(model, unit, path) ? { is: 'served', by: undefined } : { is: 'missing' };
}

/** Whether code of the unit names the path in some other way: a comparison, an option of a library, a schema. */
function isMentioned(model: Model, unit: Unit, path: string): boolean {
  const last = path.split('/').filter(Boolean).at(-1);
  if (!last) return true;
  for (const { path: file, facts } of model.program.units.values())
    if (belongsTo(model, unit, file) && mentions(facts, last)) return true;
  return false;
}

/** `ready` in `/health/ready`, not in `/readyz`. */
function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + word.length] ?? '')) return true;
  return false;
}

function mentions({ functions, classes }: FileFacts, word: string): boolean {
  let found = false;
  const look = (e: Expr): void => {
    if (e.k === 'str') found ||= hasWord(e.v, word);
    else if (e.k === 'tpl') found ||= e.parts.some(part => typeof part === 'string' && hasWord(part, word));
    else if (e.k === 'regex') found ||= e.v.includes(word);
  };
  for (const fn of functions) {
    eachExprIn(fn, look);
    if (found) return true;
  }
  for (const { decorators, members } of classes)
    for (const one of [...(decorators ?? []), ...members.flatMap(member => member.decorators ?? [])])
      eachExpr(one.e, look);
  return found;
}

function withoutQuery(path: string): string {
  const [plain = ''] = path.split(/[?#]/);
  return plain.startsWith('/') ? plain : `/${plain}`;
}
