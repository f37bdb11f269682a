import { callsIn } from '../link/call-index.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Operation } from '../link/operations.ts';
import { spanIn, stringOf } from '../link/values.ts';
import type { Expr, ExprOf, FunctionFact } from '../model/facts.ts';
import { carry } from './apply.ts';
import { flowOf } from './expressions.ts';
import type { SinkKind } from './kinds.ts';
import { CALL_SINKS, OPERATION_SINKS, RESPONSE_SINKS, SHELLS } from './models/sinks.ts';
import { proved } from './state.ts';
import type { Sink } from './summary.ts';
import { everything, joinOrigins, type Origin, read, type Taint } from './taint.ts';
import { spanOf, type Walk } from './walk.ts';

/** Sinks among a call's arguments that an adapter told. */
export function operationSinks(walk: Walk, e: ExprOf<'call'>, args: readonly Taint[]): void {
  for (const operation of walk.solver.operationsAt(e)) {
    if (operation.kind === 'db') recordSinks(walk, e, operation);
    for (const { kind, arg: name, when } of OPERATION_SINKS[operation.kind] ?? []) {
      const arg = operation.args[name];
      if (!arg || (when && !when(operation))) continue;
      const position = e.a.indexOf(arg.expr);
      reach(
        walk,
        e,
        kind,
        operation.callee,
        arg.expr,
        position === -1 ? flowOf(walk, arg.expr) : (args[position] ?? flowOf(walk, arg.expr)),
      );
    }
  }
}

/** Libraries whose filters read an object in a value's place as an operator. */
const OPERATOR_ORMS = new Set(['mongoose', 'mongodb', 'prisma']);

function recordSinks(walk: Walk, e: ExprOf<'call'>, { args, is, callee }: Operation): void {
  const { where, data } = args;
  const orm = String(is['orm']);
  const isFilter = OPERATOR_ORMS.has(orm) && is['populate'] !== true && !/aggregate|distinct/.test(callee);
  if (where && isFilter) filterSinks(walk, e, callee, where.expr, orm, 0);
  if (data && data.expr.k !== 'fn') reach(walk, e, 'record', callee, data.expr, flowOf(walk, data.expr));
}

/** Each value of a filter: an object there is an operator. `$eq` and lists compare objects as they are. */
function filterSinks(walk: Walk, e: ExprOf<'call'>, callee: string, filter: Expr, orm: string, depth: number): void {
  if (filter.k === 'as') {
    filterSinks(walk, e, callee, filter.e, orm, depth);
    return;
  }
  if (filter.k !== 'obj') {
    const taint = flowOf(walk, filter);
    reach(walk, e, 'operator', callee, filter, allFields(taint));
    const code = taint.fields?.get('$where');
    if (code) reach(walk, e, 'code', callee, filter, code);
    return;
  }
  for (const prop of filter.props) {
    if (prop.k !== 'prop') {
      reach(walk, e, 'operator', callee, prop.v, flowOf(walk, prop.v));
    } else if (prop.n === '$where' || prop.n === '$expr') {
      reach(walk, e, 'code', callee, prop.v, flowOf(walk, prop.v));
    } else if (/^(?:\$and|\$or|\$nor|AND|OR|NOT)$/.test(prop.n) && depth < 3) {
      for (const part of prop.v.k === 'arr' ? prop.v.e : [prop.v]) filterSinks(walk, e, callee, part, orm, depth + 1);
    } else if (!prop.n.startsWith('$') && prop.v.k !== 'obj') {
      reach(walk, e, 'operator', callee, prop.v, flowOf(walk, prop.v));
    }
  }
}

/** A filter that was put together before: its values count as well. */
function allFields(taint: Taint): Taint {
  let { own } = taint;
  for (const [name, one] of taint.fields ?? []) if (!name.startsWith('$')) own = joinOrigins(own, one.own);
  return { own, fields: undefined };
}

/** Sinks of functions no adapter speaks for, and of answers. */
export function callSinks(walk: Walk, e: ExprOf<'call'>, path: string, args: readonly Taint[]): void {
  for (const { kind, arg, shell } of CALL_SINKS[path] ?? []) {
    const given = e.a[arg];
    if (given && (!shell || startsShell(walk, e))) reach(walk, e, kind, path, given, args[arg]!);
  }
  const response = walk.solver.adapters.response(path);
  const sink = response && RESPONSE_SINKS[response];
  if (!sink) return;
  const position = sink.arg === -1 ? e.a.length - 1 : sink.arg;
  const given = e.a[position];
  if (!given) return;
  if (sink.kind === 'html' && !answersHtml(walk, path)) return;
  // A root keeps the file inside of a folder.
  if (sink.kind === 'path' && (path.startsWith('fastify.') || statesRoot(e))) return;
  reach(walk, e, sink.kind, path, given, args[position]!);
}

function reach(walk: Walk, e: ExprOf<'call'>, kind: SinkKind, api: string, arg: Expr, taint: Taint): void {
  const origins = originsAt(kind, taint);
  if (origins.length === 0) return;
  const sink: Sink = {
    kind,
    callee: nameOf(e.f),
    api,
    call: spanIn(walk.env, e.p),
    arg: spanOf(walk, arg),
  };
  for (const origin of proved(walk.state, { own: origins, fields: undefined }).own)
    carry(walk, { sink, origin, ended: undefined }, origin);
}

/** A text is needed, or an object whose property is that text. */
function originsAt(kind: SinkKind, taint: Taint): readonly Origin[] {
  if (kind === 'command') return everything(taint);
  const names = kind === 'sql' ? ['text', 'sql'] : kind === 'url' ? ['url', 'uri', 'href', 'host', 'hostname'] : [];
  if (!taint.fields) return taint.own;
  return names.reduce(
    (all, name) => (taint.fields?.has(name) ? joinOrigins(all, read(taint, name).own) : all),
    taint.own,
  );
}

function startsShell(walk: Walk, e: ExprOf<'call'>): boolean {
  const [command] = e.a;
  const name = command && stringOf(evaluate(walk.program, walk.env, command));
  if (name !== undefined && SHELLS.has(name)) return true;
  const options = e.a.at(-1);
  return (
    options?.k === 'obj' &&
    options.props.some(one => one.k === 'prop' && one.n === 'shell' && !(one.v.k === 'bool' && !one.v.v))
  );
}

function statesRoot(e: ExprOf<'call'>): boolean {
  const options = e.a[1];
  return options?.k === 'obj' && options.props.some(one => one.k !== 'prop' || one.n === 'root');
}

const contentTypes = new WeakMap<FunctionFact, 'html' | 'other' | undefined>();

/** Whether what is sent may be read as HTML: Express takes a text for HTML, Fastify for plain text. */
function answersHtml(walk: Walk, path: string): boolean {
  let type = contentTypes.get(walk.fn);
  if (!contentTypes.has(walk.fn)) {
    type = undefined;
    for (const { call } of callsIn(walk.fn)) {
      if (call.f.k !== 'mem' || !/^(?:type|contentType|set|header|setHeader|writeHead)$/.test(call.f.n)) continue;
      const text = JSON.stringify(call.a.map(arg => (arg.k === 'str' ? arg.v : arg.k === 'obj' ? arg.props : '')));
      if (/text\/html|"html"/.test(text)) type = 'html';
      else if (
        type === undefined &&
        /application\/|text\/(?:plain|csv|xml)|image\/|"(?:json|txt|text|csv|xml)"/.test(text)
      )
        type = 'other';
    }
    contentTypes.set(walk.fn, type);
  }
  return type === 'html' || (type === undefined && !path.startsWith('fastify.'));
}

function nameOf(e: Expr): string {
  return e.k === 'mem' || e.k === 'id' ? e.n : e.k === 'as' ? nameOf(e.e) : 'call';
}
