import { callsIn, callsWhere } from '../../link/call-index.ts';
import type { Consumer } from '../../link/consumers.ts';
import { blocksOf, eachExpr, eachStmt, exprsOf, innerFunctions } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perModel } from '../../link/kept/per-model.ts';
import { judgedUnits } from '../../link/kept/per-unit.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives, type FuncValue } from '../../link/values.ts';
import type { FunctionFact, Stmt } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

const DEPTH = 3;
const KINDS = ['db', 'sql', 'http-request', 'message-publish', 'file-write', 'llm-call'] as const;
/** Names that say where a failed message goes, or that it is dealt with. */
const DEALT_WITH =
  /nack|reject|dlq|dead_?letter|moveToFailed|moveToDelayed|retry|requeue|discard|batchItemFailures|failed|fail$/i;

/** Whether a function changes anything outside of the process. */
export function hasEffects(model: Model, func: FuncValue): boolean {
  const doing = doingEffects(model);
  return reaches(model, func, fn => doing.has(fn), 0, new Set());
}

const doingEffects = perModel(
  (model): ReadonlySet<FunctionFact> =>
    new Set(
      model
        .operations(...KINDS)
        .filter(writes)
        .map(one => one.fn),
    ),
);

function writes({ kind, is }: Operation): boolean {
  return kind === 'db' || kind === 'sql' ? !/^read|^count/.test(String(is['action'] ?? 'read')) : true;
}

function reaches(
  model: Model,
  func: FuncValue,
  test: (fn: FunctionFact) => boolean,
  depth: number,
  seen: Set<FunctionFact>,
): boolean {
  if (seen.has(func.fn)) return false;
  seen.add(func.fn);
  if (test(func.fn)) return true;
  const env = staticEnvOf(model.program, func);
  if (innerFunctions(env.unit.facts, func.fn).some(fn => reaches(model, { ...func, fn, env }, test, depth, seen)))
    return true;
  if (depth >= DEPTH) return false;
  return callsIn(func.fn).some(({ call }) =>
    alternatives(evaluate(model.program, env, call.f)).some(
      one => one.k === 'func' && reaches(model, one, test, depth + 1, seen),
    ),
  );
}

export interface HiddenFailure {
  readonly span: Span;
  readonly kind: 'swallowed' | 'early';
  /** The `try` that hides it. */
  readonly stmt?: Stmt & { readonly k: 'try' };
}

/** Places of a consumer where a failure stays hidden from the broker. */
export function failuresHidden(model: Model, consumer: Consumer): HiddenFailure[] {
  const { func, acks } = consumer;
  if (!hasEffects(model, func)) return [];
  if (acks === 'manual') return acknowledgedEarly(model, consumer);
  const out: HiddenFailure[] = [];
  const { body } = func.fn;
  for (const stmt of body) {
    if (stmt.k !== 'try' || !stmt.handler || stmt.commented || !stmt.handlerPos) continue;
    // Only a `try` around the work itself counts, not one around a detail of it.
    if (body.some(other => other !== stmt && hasAwait([other])) || !hasAwait(stmt.body)) continue;
    if (!goesOn(stmt.handler)) continue;
    const [start, end] = stmt.handlerPos;
    out.push({ span: { file: func.file, start, end }, kind: 'swallowed', stmt });
  }
  return out;
}

/** A handler that neither throws again nor hands the message on. */
function goesOn(handler: readonly Stmt[]): boolean {
  let dealt = false;
  eachStmt(handler, stmt => {
    if (stmt.k === 'throw') dealt = true;
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if ((one.k === 'mem' || one.k === 'id') && DEALT_WITH.test(one.n)) dealt = true;
        if (
          one.k === 'call' &&
          one.f.k === 'mem' &&
          /^(?:send|publish|emit|add|push|insert|create|save|update\w*|upsert)$/.test(one.f.n)
        )
          dealt = true;
        if (one.k === 'await') dealt = true;
      });
  });
  return !dealt;
}

function hasAwait(body: readonly Stmt[]): boolean {
  return body.some(stmt => {
    let found = stmt.k === 'ret' && stmt.e?.k === 'call';
    for (const e of exprsOf(stmt))
      eachExpr(e, one => {
        if (one.k === 'await') found = true;
      });
    return found || blocksOf(stmt).some(hasAwait);
  });
}

const commits = callsWhere(({ call: { f } }) => (f.k === 'id' || f.k === 'mem') && COMMITS.test(f.n));
const COMMITS = /^(?:commitOffsets(?:IfNecessary)?|commitMessages?(?:Sync)?|commit(?:Sync)?|sendOffsets)$/;

/** Whether a consumer leaves commits to the program, and nothing in its package makes any. */
export function isNeverCommitted(model: Model, { is, site: { file } }: Operation): boolean {
  if (is['broker'] !== 'kafka' || is['acks'] !== 'manual') return false;
  const folder = model.project.packageOf(file)?.folder;
  return !judgedUnits(model).some(
    ({ path, facts }) => model.project.packageOf(path)?.folder === folder && commits(facts).length > 0,
  );
}

/** `channel.ack(message)` in front of the work, at the consumer's own level. */
function acknowledgedEarly(model: Model, { func, operation }: Consumer): HiddenFailure[] {
  if (!operation) return [];
  const [first] = model
    .operations('message-ack')
    .filter(one => one.fn === func.fn && one.is['what'] === 'ack')
    .sort((a, b) => a.span.start - b.span.start);
  if (!first) return [];
  const position = func.fn.body.findIndex(stmt => stmt.p[0] <= first.span.start && first.span.end <= stmt.p[1]);
  const stmt = func.fn.body[position];
  if (stmt?.k !== 'expr') return [];
  const before = func.fn.body.slice(0, position);
  const after = func.fn.body.slice(position + 1);
  return hasAwait(after) && !hasAwait(before) ? [{ span: first.span, kind: 'early' }] : [];
}
