import { calleesOf, callsIn } from '../../link/call-index.ts';
import { innerFunctions } from '../../link/env.ts';
import { optionPlace } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { staticEnvOf } from '../../link/signals.ts';
import { alternatives, type FuncValue } from '../../link/values.ts';
import type { FunctionFact } from '../../model/facts.ts';
import type { Evidence } from '../../model/finding.ts';

/** A function that a language model can have run, with an effect that cannot be taken back. */
export interface UnapprovedTool {
  readonly operation: Operation;
  /** What it does, as a verb with its object: `deletes rows`. */
  readonly does: string;
  readonly evidence: Evidence;
}

const DEPTH = 3;
/** Somebody is asked, somewhere on the way. */
const ASKS = /approv|confirm|interrupt|consent|permission|authori[sz]e|human/i;

export function unapprovedTools(model: Model): UnapprovedTool[] {
  const effects = new Map<FunctionFact, Effect>();
  for (const effect of model.operations('payment', 'exec', 'db').flatMap(effectOf))
    if (!effects.has(effect.fn)) effects.set(effect.fn, effect);
  if (effects.size === 0) return [];
  return model.operations('llm-tool').flatMap((operation): UnapprovedTool[] => {
    const { args, is } = operation;
    const definition = args['definition'];
    const run = args['run'];
    if (!definition || !run) return [];
    const place = { env: definition.env, expr: definition.expr };
    if (is['approval'] !== undefined && optionPlace(model.program, place, String(is['approval']))) return [];
    const functions = alternatives(run.value).flatMap(one => (one.k === 'func' ? reach(model, one) : []));
    if (functions.some(asks)) return [];
    const hit = functions.map(fn => effects.get(fn)).find(one => one !== undefined);
    return hit
      ? [{ operation, does: hit.does, evidence: { span: hit.span, message: `the tool ${hit.does} here` } }]
      : [];
  });
}

interface Effect {
  readonly fn: FunctionFact;
  readonly does: string;
  readonly span: Evidence['span'];
}

function effectOf({ kind, is, fn, span }: Operation): Effect[] {
  if (kind === 'payment') return [{ fn, span, does: 'moves money' }];
  if (kind === 'exec') return [{ fn, span, does: 'runs commands' }];
  return is['action'] === 'delete' ? [{ fn, span, does: 'deletes rows' }] : [];
}

function reach({ program }: Model, start: FuncValue): FunctionFact[] {
  const seen = new Set<FunctionFact>();
  const queue: [FuncValue, number][] = [[start, 0]];
  for (const [func, depth] of queue) {
    if (seen.has(func.fn)) continue;
    seen.add(func.fn);
    const env = staticEnvOf(program, func);
    for (const fn of innerFunctions(env.unit.facts, func.fn)) queue.push([{ ...func, fn, env }, depth]);
    if (depth < DEPTH)
      for (const { call } of callsIn(func.fn))
        for (const callee of calleesOf(program, env, call)) queue.push([callee, depth + 1]);
  }
  return [...seen];
}

function asks(fn: FunctionFact): boolean {
  if (ASKS.test(fn.name)) return true;
  return callsIn(fn).some(({ call: { f } }) => (f.k === 'mem' || f.k === 'id') && ASKS.test(f.n));
}
