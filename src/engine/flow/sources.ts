import type { RequestPart } from '../frameworks/adapter.ts';
import { identity } from '../link/call-key.ts';
import { typeValue } from '../link/declared.ts';
import { spanIn, type Value } from '../link/values.ts';
import type { Expr, Param, Pos } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { dtoFields } from './dto.ts';
import { AS_TEXT } from './kinds.ts';
import { leftAt } from './left.ts';
import { isListType, meantAsList } from './list-sinks.ts';
import { REMOTE_PARTS } from './models/sources.ts';
import { CLEAN, clean, type Label, type Origin, originOf, type Root, read, type Taint, taintOf } from './taint.ts';
import { textOf, type Walk } from './walk.ts';

type ApiRoot = Root & { readonly k: 'api' };

/** A member of a request object: a source, or an object on the way to one. */
export function sourceOf(walk: Walk, root: ApiRoot, name: string, e: Expr): readonly Origin[] {
  const path = memberPath(walk, root, name);
  const part = walk.solver.adapters.request(path);
  if (part && REMOTE_PARTS.has(part))
    return [remote(path, part, root.checked, { span: spanIn(walk.env, e.p), text: textOf(e) })];
  return walk.solver.isRequest(path) ? [originOf({ ...root, path })] : [];
}

/** The API path of a member: of the object itself, or of one of its members, as in `ctx.request.body`. */
function memberPath({ solver }: Walk, root: ApiRoot, name: string): string {
  const { adapters } = solver;
  const path = adapters.canonical(`${root.path}#${name}`);
  if (adapters.request(path) || solver.isRequest(path)) return path;
  const nested = adapters.canonical(`${root.path}.${name}`);
  return adapters.request(nested) || solver.isRequest(nested) ? nested : path;
}

/** What calling a member of a request object gives, e.g. `ctx.req.header('host')`. */
export function sourceOfCall(walk: Walk, root: ApiRoot, name: string, e: Expr): readonly Origin[] {
  const called = memberPath(walk, root, `${name}()`);
  const part = walk.solver.adapters.request(called) ?? walk.solver.adapters.request(memberPath(walk, root, name));
  if (part && REMOTE_PARTS.has(part))
    return [remote(called, part, root.checked, { span: spanIn(walk.env, e.p), text: textOf(e) })];
  return walk.solver.isRequest(called) ? [originOf({ ...root, path: called })] : [];
}

function remote(
  key: string,
  part: RequestPart,
  checked: ReadonlySet<string> | undefined,
  at: { span: Span; text: string },
): Origin {
  const isChecked = checked?.has(part) ?? false;
  const plain = part === 'arguments' && checked && checked.size > 0 ? { plain: checked } : {};
  const origin = { ...originOf({ k: 'source', key, label: 'remote', part, isChecked, ...plain }), at };
  // The schema admits no other fields than it names, and no object where it says text.
  return part === 'arguments' ? clean(origin, AS_TEXT, undefined) : origin;
}

/** A value that a language model, or a library's caller, chose. */
export function chosen(
  walk: Walk,
  p: Pos,
  label: Exclude<Label, 'queue' | 'caller'>,
  part: string,
  text: string,
): Taint {
  const span = spanIn(walk.env, p);
  const root: Root = { k: 'source', key: label, place: identity(p), label, part, isChecked: false };
  return taintOf({ ...originOf(root), at: { span, text } });
}

/** What a parameter holds when the function begins. */
export function paramTaint(walk: Walk, param: Param, index: number, checked: ReadonlySet<string> | undefined): Taint {
  const unknown = taintOf(originOf({ k: 'param', index }));
  const value = roleOf(walk, param, index);
  if (value?.k !== 'api' || !value.inst)
    return value?.k === 'api' ? (memberAt(walk, param, value.path, checked) ?? unknown) : unknown;
  const whole = partOf(walk, param, value.path, checked);
  if (whole) return whole;
  const path = walk.solver.adapters.canonical(value.path);
  return walk.solver.isRequest(path) ? taintOf(originOf({ k: 'api', path, checked })) : unknown;
}

/** A part of the request, or what somebody left on it: `@CurrentUser() user`. */
function memberAt(
  walk: Walk,
  param: Param,
  apiPath: string,
  checked: ReadonlySet<string> | undefined,
): Taint | undefined {
  return partOf(walk, param, apiPath, checked) ?? leftAt(walk, walk.solver.adapters.canonical(apiPath));
}

function roleOf({ program, env }: Walk, param: Param, index: number): Value | undefined {
  return (
    env.vars.get(`#${index}`) ??
    program.paramRole(env, index) ??
    (param.t && /[A-Z]/.test(param.t.n) ? typeValue(program, env, param.t) : undefined)
  );
}

/** A parameter that is a part of the request itself: `@Body() order`, `@Query('page') page`. */
function partOf(
  walk: Walk,
  param: Param,
  apiPath: string,
  checked: ReadonlySet<string> | undefined,
): Taint | undefined {
  const { adapters } = walk.solver;
  const cut = apiPath.indexOf('#');
  const path = adapters.canonical(cut === -1 ? apiPath : apiPath.slice(0, cut));
  const part = adapters.request(path);
  if (!part) return undefined;
  if (!REMOTE_PARTS.has(part)) return CLEAN;
  const text = param.pat.k === 'pid' ? param.pat.n : part;
  const origin = remote(path, part, part === 'arguments' ? checked : undefined, {
    span: spanIn(walk.env, param.pat.p),
    text,
  });
  const said = isListType(param.t) ? meantAsList(taintOf(origin)) : taintOf(origin);
  const own: Taint = cut === -1 ? said : read(said, apiPath.slice(cut + 1));
  return checked?.has(part) ? dtoFields(walk, param, own) : own;
}
