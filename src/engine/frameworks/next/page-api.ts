import { eachExpr, eachStmt, exprsOf } from '../../link/env.ts';
import type { Program } from '../../link/program.ts';
import { alternatives, constant, type Value } from '../../link/values.ts';
import { layersOf } from '../../link/wrappers.ts';
import type { Expr, FunctionFact } from '../../model/facts.ts';
import { exportSpan } from '../shared/export-span.ts';
import { giveAll, servesRouter } from '../shared/routes.ts';
import type { NextApp } from './discover.ts';
import type { NextFile } from './files.ts';
import { stepsFor } from './middleware.ts';

const PARAMS = ['next.NextApiRequest', 'next.NextApiResponse'];
const VERB = /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)$/;

/** A file below pages/api: one handler for every method it tells apart, or for all. */
export function addPageApi(program: Program, { router, middleware }: NextApp, { file, path }: NextFile): void {
  const unit = program.units.get(file)!;
  const isHandled = unit.facts.exports.some(({ name }) => name === 'default' || name === '=' || name === '*');
  if (!isHandled) return;
  const handler = program.exported(file, 'default');
  if (servesRouter(handler)) return;
  giveAll(program, [handler], PARAMS);
  router.entries.push({
    k: 'route',
    methods: methodsOf(program, handler),
    path: constant(path),
    handlers: [handler],
    span: exportSpan(unit, 'default'),
    conditional: false,
    ...(middleware ? { judge: () => ({ steps: stepsFor(program, middleware, path) }) } : {}),
  });
}

/** The methods that a handler compares `req.method` with; ALL where it does not ask. */
function methodsOf(program: Program, handler: Value): readonly string[] {
  const found = new Set<string>();
  for (const one of alternatives(handler)) {
    const { wrappers, handler: inner } = layersOf(one);
    for (const layer of [...wrappers, inner])
      if (layer?.k === 'func') for (const verb of settledVerbs(program, layer.fn)) found.add(verb);
  }
  return found.size > 0 ? [...found].sort() : ['ALL'];
}

/** An edit that compares with other verbs makes other routes. */
function settledVerbs(program: Program, fn: FunctionFact): string[] {
  const verbs = program.cells.rely(fn, () => comparedIn(fn).join());
  return verbs === '' ? [] : verbs.split(',');
}

function comparedIn({ body }: FunctionFact): string[] {
  const out: string[] = [];
  const take = (e: Expr | undefined): void => {
    if (e?.k === 'str' && VERB.test(e.v)) out.push(e.v);
  };
  eachStmt(body, stmt => {
    if (stmt.k === 'switch' && isMethod(stmt.e)) for (const { t } of stmt.cases) take(t);
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k !== 'bin' || !/^[!=]==?$/.test(one.op)) return;
        if (isMethod(one.l)) take(one.r);
        else if (isMethod(one.r)) take(one.l);
      });
  });
  return out;
}

function isMethod(e: Expr): boolean {
  if (e.k === 'call' && e.f.k === 'mem') return isMethod(e.f.o);
  return (e.k === 'mem' && e.n === 'method') || (e.k === 'id' && e.n === 'method');
}
