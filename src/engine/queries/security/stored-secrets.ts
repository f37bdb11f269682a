import { isPasswordName } from '../../../common/sensitive-names.ts';
import { callsIn } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perUnit } from '../../link/kept/per-unit.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import { alternatives, type Env, stringOf } from '../../link/values.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { Expr, ExprOf } from '../../model/facts.ts';
import { type ClearSecret, secretIn } from './clear-secrets.ts';

/** A secret that is kept where others can read it. */
export interface StoredSecret extends ClearSecret {
  readonly where: 'page' | 'file';
  readonly isPassword: boolean;
}

const SETTERS = new Set(['setItem', 'multiSet']);
const WRITERS = /^(?:writeFile|appendFile|outputFile)(?:Sync)?$/;
const STORES =
  /^(?:localStorage|sessionStorage|window\.localStorage|window\.sessionStorage|window#localStorage|window#sessionStorage)$/;
const PAGE = /^(?:localStorage|sessionStorage)$/;
const DEVICE = /async-storage/;

/** Secrets written to the storage of a page, or to a file that every user of the machine may read. */
export const storedSecrets = perUnit((model, unit) => {
  const { program } = model;
  const out: StoredSecret[] = [];
  for (const fn of unit.facts.functions)
    for (const { call } of callsIn(fn)) {
      const { f } = call;
      const name = f.k === 'mem' || f.k === 'id' ? f.n : f.k === 'idx' && f.i.k === 'str' ? f.i.v : '';
      const isSetter = SETTERS.has(name);
      if (!isSetter && !WRITERS.test(name)) continue;
      const env = program.staticEnv(unit, fn);
      const found = isSetter ? ofStore(model, env, call) : ofFile(model, env, call);
      if (found) out.push(stored(found, isSetter ? 'page' : 'file'));
    }
  for (const list of writtenOptions(unit.facts).values())
    for (const { owner, value, fn } of list) {
      if (!owner || !isPage(owner)) continue;
      const found = secretIn(model, program.staticEnv(unit, fn), value);
      if (found) out.push(stored(found, 'page'));
    }
  return out;
});

function stored(found: ClearSecret, where: StoredSecret['where']): StoredSecret {
  return { ...found, where, isPassword: isPasswordName(found.name.replaceAll('`', '').replace(/^.*\./, '')) };
}

function isPage(e: Expr): boolean {
  return (e.k === 'id' || e.k === 'mem') && PAGE.test(e.n);
}

function ofStore(model: Model, env: Env, call: ExprOf<'call'>): ClearSecret | undefined {
  const { f, a } = call;
  if (f.k !== 'mem') return undefined;
  const { expr } = definition(model.program, { env, expr: f.o });
  const store = alternatives(evaluate(model.program, env, f.o));
  const isKnown =
    isPage(f.o) ||
    isStore(expr) ||
    store.some(one => one.k === 'api' && (STORES.test(one.path) || DEVICE.test(one.path)));
  const value = f.n === 'multiSet' ? a[0] : a[1];
  return isKnown && value ? secretIn(model, env, value) : undefined;
}

function isStore(e: Expr): boolean {
  return e.k === 'cond' ? isStore(e.a) || isStore(e.b) : isPage(e);
}

/** Readable by all users of the machine unless the mode says otherwise. */
function ofFile(model: Model, env: Env, call: ExprOf<'call'>): ClearSecret | undefined {
  const [path, value, options] = call.a;
  const isNode = alternatives(evaluate(model.program, env, call.f)).some(
    one => one.k === 'api' && /^(?:node:fs|fs-extra|graceful-fs)\b/.test(one.path),
  );
  if (!path || !value || !isNode) return undefined;
  const stated = options && definition(model.program, { env, expr: options }).expr;
  if (stated?.k === 'obj' && stated.props.some(one => one.k !== 'prop' || one.n === 'mode')) return undefined;
  if (/\.(?:test|spec|example)\b|^\/dev\//.test(stringOf(evaluate(model.program, env, path)) ?? '')) return undefined;
  return secretIn(model, env, value);
}
