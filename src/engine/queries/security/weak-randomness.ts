import { isUnguessableName } from '../../../common/unguessable-names.ts';
import { eachExprIn } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { Operation, OperationKind } from '../../link/operations.ts';
import { type Expr, type FunctionFact, MODULE } from '../../model/facts.ts';
import { type Destination, destinationsOf } from './value-uses.ts';

/** A predictable number that becomes something nobody may guess. */
export interface WeakRandomness {
  readonly operation: Operation;
  /** What it becomes: a name, or what it is for. */
  readonly name: string;
  /** The expression that becomes it. */
  readonly value: Expr;
}

/** Arguments of operations that must be random, by what to call them. */
const ARGUMENTS: Readonly<Partial<Record<OperationKind, Readonly<Record<string, string>>>>> = {
  hmac: { key: 'the key of a signature' },
  cipher: { key: 'an encryption key', iv: 'the IV of a cipher' },
  'jwt-sign': { key: 'the key of tokens' },
  'session-setup': { options: 'the secret of sessions' },
};

/** So many random values in one table of the module are sample data. */
const MADE_UP = 6;

/** One per call of the generator: several digits of one code are one defect. */
export function weakRandomness(model: Model): WeakRandomness[] {
  const out: WeakRandomness[] = [];
  const told = new Set<string>();
  const weak = model.operations('random').filter(({ is }) => is['strength'] === 'weak');
  const inTable = new Map<string, number>();
  for (const one of weak) inTable.set(tableOf(one), (inTable.get(tableOf(one)) ?? 0) + 1);
  for (const operation of weak) {
    // What makes up names, cities and numbers side by side makes up its passwords as well.
    if ((inTable.get(tableOf(operation)) ?? 0) >= MADE_UP) continue;
    const { file, fn, site } = operation;
    const destinations = destinationsOf(site.env.unit, fn, site.call);
    const hit = destinations
      .map(one => ({ one, name: secretOf(model, file, one) }))
      .find(({ name }) => name !== undefined);
    if (!hit?.name) continue;
    const place = `${file}:${fn.id}:${hit.name}`;
    if (told.has(place)) continue;
    told.add(place);
    out.push({ operation, name: hit.name, value: hit.one.value });
  }
  return out;
}

/** The statement of the module that an operation stands in. */
function tableOf({ file, site, span }: Operation): string {
  const own = site.env.unit.facts.functions[MODULE]?.body.find(({ p }) => p[0] <= span.start && span.end <= p[1]);
  return `${file}:${own?.p[0] ?? 0}`;
}

function secretOf(model: Model, file: string, { k, name, call, value, fn }: Destination): string | undefined {
  if (k !== 'argument') return isUnguessableName(name) && !marksRequest(name, fn, value) ? `\`${name}\`` : undefined;
  if (!call) return undefined;
  for (const operation of model.operationsIn(file)) {
    if (operation.site.call !== call) continue;
    const names = ARGUMENTS[operation.kind] ?? {};
    for (const [arg, what] of Object.entries(names)) if (operation.args[arg]?.expr === value) return what;
  }
  return undefined;
}

/** A nonce beside a time tells one signed request from the next: it has to be new, not secret. */
function marksRequest(name: string, fn: FunctionFact, value: Expr): boolean {
  if (!/nonce$/i.test(name)) return false;
  let found = false;
  eachExprIn(fn, e => {
    if (e.k !== 'obj' || !e.props.some(prop => prop.v === value)) return;
    found ||= e.props.some(prop => prop.k === 'prop' && /time_?stamp$/i.test(prop.n));
  });
  return found;
}
