import { callsIn } from '../link/call-index.ts';
import { callbackSite } from '../link/callbacks.ts';
import { bindingsOf, eachChild, eachExpr, eachStmt, exprsOf } from '../link/env.ts';
import type { Operation } from '../link/operations.ts';
import type { Expr, ExprOf, FileFacts, FunctionFact, Stmt } from '../model/facts.ts';
import { mentions, namesOf } from '../queries/loops.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertBefore } from './source-statement.ts';
import { edit, uncast } from './source-style.ts';

type Loop = Stmt & { readonly k: 'loop' };

interface Place {
  readonly loop: Loop;
  readonly list: Expr;
  /** `await prisma.user.findUnique(…)`, whose value is taken from the map instead. */
  readonly awaited: Expr;
  /** The unique field that is asked for, and what it is compared with. */
  readonly field: string;
  readonly key: Expr;
  readonly options: ExprOf<'obj'>;
  readonly where: Expr;
}

/**
 * Asks once before the loop and looks the rows up by key: only for `for … of` over rows that were read before, where
 * each round awaits nothing but one look-up by a unique field of the element.
 */
export function readBefore(facts: FileFacts, operation: Operation): FixDraft[] {
  const place = placeOf(facts, operation);
  const model = operation.is['model'];
  if (!place || typeof model !== 'string') return [];
  const { file, site } = operation;
  const { loop, list, awaited, field, key, options, where } = place;
  return [
    {
      title: 'Read all of them with one query before the loop',
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined || !loop.pat) return undefined;
        const of = (e: { readonly p: readonly [number, number] }): string => source.slice(e.p[0], e.p[1]);
        const [rows, map] = [`${model}Rows`, `${model}By${field[0]!.toUpperCase()}${field.slice(1)}`];
        if (new RegExp(`\\b(?:${rows}|${map})\\b`).test(source) || site.call.f.k !== 'mem') return undefined;
        const element = loop.pat.k === 'pid' ? loop.pat.n : `(${of(loop.pat)})`;
        const keys = key.k === 'id' && loop.pat.k === 'pid' ? of(list) : `${of(list)}.map(${element} => ${of(key)})`;
        const among = `{ ${field}: { in: ${keys} } }`;
        const start = options.p[0];
        const given = source.slice(start, where.p[0]) + among + source.slice(where.p[1], options.p[1]);
        const before = insertBefore(file, source, loop, [
          `const ${rows} = await ${of(site.call.f.o)}.findMany(${given});`,
          `const ${map} = new Map(${rows}.map(row => [row.${field}, row]));`,
        ]);
        const taken = edit(file, awaited.p, `${map}.get(${of(key)}) ?? null`);
        return before && { edits: [before, taken], newFiles: [] };
      },
    },
  ];
}

function placeOf(facts: FileFacts, { is, fn, site, chain }: Operation): Place | undefined {
  const { call } = site;
  if (is['orm'] !== 'prisma' || is['tx'] || chain.length || call.f.k !== 'mem') return undefined;
  const method = call.f.n;
  const [options] = call.a;
  if ((method !== 'findUnique' && method !== 'findFirst') || call.a.length !== 1 || options?.k !== 'obj')
    return undefined;
  const loop = callsIn(fn).find(one => one.call === call)?.loop;
  if (loop?.kind !== 'of' || loop.await || !loop.pat || loop.of?.k !== 'id' || isRound(facts, fn)) return undefined;
  const asked = options.props.find(one => one.k === 'prop' && one.n === 'where');
  const where = asked?.k === 'prop' && !asked.short ? asked.v : undefined;
  const others = options.props.filter(one => one !== asked);
  if (where?.k !== 'obj' || others.some(one => one.k !== 'prop' || one.n !== 'include')) return undefined;
  const [only, more] = where.props;
  if (only?.k !== 'prop' || more || (method === 'findFirst' && only.n !== 'id')) return undefined;
  const names = namesOf(loop.pat);
  const key = only.v;
  const awaited = awaitOf(loop, call);
  if (!awaited || !isKey(key, names) || !isLoneStep(fn, loop, key) || !wereRead(fn, loop.of)) return undefined;
  // The client, and what else the query says, must be there before the loop.
  const inside = new Set(names);
  eachStmt(loop.body, stmt => {
    if (stmt.k === 'let') for (const name of namesOf(stmt.pat)) inside.add(name);
  });
  if (mentions(call.f, inside) || others.some(one => mentions(one.v, inside))) return undefined;
  return { loop, list: loop.of, awaited, field: only.n, key, options, where };
}

/** The `await` around the call, if the call is made in every round and its value needs no brackets. */
function awaitOf({ body }: Loop, call: Expr): Expr | undefined {
  for (const stmt of body) {
    if (stmt.k !== 'let' && stmt.k !== 'expr') return undefined;
    const [e] = exprsOf(stmt);
    const found = e && within(e, call);
    if (found) return found;
  }
  return undefined;
}

function within(e: Expr, call: Expr): Expr | undefined {
  if (e.k === 'await') return e.e === call ? e : undefined;
  if (e.k === 'assign') return e.op === '=' ? within(e.r, call) : undefined;
  if (e.k !== 'call' && e.k !== 'obj' && e.k !== 'arr') return undefined;
  let found: Expr | undefined;
  eachChild(e, child => (found ??= e.k === 'call' && child === e.f ? undefined : within(child, call)));
  return found;
}

/** The function is itself called once per element of something. */
function isRound(facts: FileFacts, fn: FunctionFact): boolean {
  const site = callbackSite(facts, fn);
  return site?.position === 0 && site.call.f.k === 'mem';
}

/** The element itself, or a plain property of it. */
function isKey(key: Expr, names: readonly string[]): boolean {
  if (key.k === 'mem') return !key.opt && key.o.k === 'id' && names.includes(key.o.n);
  return key.k === 'id' && names.includes(key.n);
}

/** The loop awaits nothing else, stands in no other loop, and changes neither the key nor the list. */
function isLoneStep(fn: FunctionFact, loop: Loop, key: Expr): boolean {
  let awaits = 0;
  let isChanged = false;
  const keyName = key.k === 'mem' || key.k === 'id' ? key.n : '';
  eachStmt(loop.body, stmt => {
    if (stmt.k === 'loop' && stmt.await) awaits++;
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'await' || one.k === 'yield') awaits++;
        if (one.k === 'assign' && (one.l.k === 'mem' || one.l.k === 'id') && one.l.n === keyName) isChanged = true;
        if (one.k === 'call' && one.f.k === 'mem' && one.f.o.k === 'id' && loop.of?.k === 'id')
          isChanged ||= one.f.o.n === loop.of.n;
      });
  });
  let isNested = false;
  eachStmt(fn.body, stmt => {
    if (stmt.k === 'loop' && stmt !== loop && stmt.p[0] <= loop.p[0] && loop.p[1] <= stmt.p[1]) isNested = true;
  });
  return awaits === 1 && !isChanged && !isNested;
}

/** Whether a list is a constant array of rows that a query gave, or a parameter that is declared as an array. */
function wereRead(fn: FunctionFact, list: ExprOf<'id'>): boolean {
  if (list.s !== fn.id) return false;
  const param = fn.params.find(one => one.pat.k === 'pid' && one.pat.n === list.n);
  const { sources = [] } = bindingsOf(fn).get(list.n) ?? {};
  if (param) return sources.length === 0 && param.t?.array === true;
  const [source, more] = sources;
  const from = source?.from && uncast(source.from);
  if (more || source?.path.length || from?.k !== 'await' || from.e.k !== 'call') return false;
  return from.e.f.k === 'mem' && from.e.f.n === 'findMany';
}
