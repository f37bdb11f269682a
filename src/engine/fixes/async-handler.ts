import { callsIn } from '../link/call-index.ts';
import { blocksOf, eachExprIn, innerFunctions } from '../link/env.ts';
import type { Expr, ExprOf, FileFacts, FunctionFact, Stmt } from '../model/facts.ts';
import type { TextEdit } from '../model/span.ts';
import type { FixDraft } from '../rules/rule.ts';
import { edit, punctuation } from './source-style.ts';

/** A place where a handler gives its answer and after which nothing else of it runs. */
interface Exit {
  readonly stmt: Stmt;
  readonly call: ExprOf<'call'>;
  /** What it returns or throws; nothing for `callback(null)`. */
  readonly value: Expr | undefined;
  readonly fails: boolean;
}

/**
 * Makes a callback handler async: `callback(null, v)` becomes `return v`, `callback(e)` becomes `throw e`. Only where
 * every answer is an exit of the handler itself and it leaves no work behind, for an async handler is frozen at once.
 */
export function returnAnswer(
  facts: FileFacts,
  fn: FunctionFact,
  isAnswer: (call: ExprOf<'call'>) => boolean,
): FixDraft[] {
  const callback = fn.params[2]?.pat;
  const isPlain = fn.kind === 'arrow' || fn.kind === 'function';
  if (!isPlain || fn.ret || fn.generator || fn.params.length > 3 || innerFunctions(facts, fn).length) return [];
  if (callback && callback.k !== 'pid') return [];
  const exits: Exit[] = [];
  collectExits(fn.body, true, isAnswer, exits);
  const calls = callsIn(fn);
  const mentions = countNames(fn, callback?.n);
  const answers = calls.filter(({ call }) => isAnswer(call));
  if (exits.length === 0 || exits.length !== answers.length || mentions > answers.length) return [];
  if (calls.some(({ call, use }) => !isAnswer(call) && (use === 'dropped' || use === 'voided') && !isLog(call)))
    return [];
  return [
    {
      title: 'Make it async and return the answer',
      kind: 'auto',
      change({ text }) {
        const source = text(facts.path);
        const edits = source === undefined ? undefined : changes(facts.path, source, fn, exits);
        return edits && { edits, newFiles: [] };
      },
    },
  ];
}

/** Answers of a block in whose end the function ends; `tail` is false where something follows. */
function collectExits(
  body: readonly Stmt[],
  tail: boolean,
  isAnswer: (call: ExprOf<'call'>) => boolean,
  out: Exit[],
  caught?: string,
): void {
  body.forEach((stmt, index) => {
    const isLast = tail && index === body.length - 1;
    const e = stmt.k === 'ret' || (stmt.k === 'expr' && isLast) ? stmt.e : undefined;
    if (e?.k === 'call' && isAnswer(e)) {
      const exit = exitOf(stmt, e, caught);
      if (exit) out.push(exit);
    } else if (stmt.k === 'if') {
      for (const block of blocksOf(stmt)) collectExits(block, isLast, isAnswer, out, caught);
    } else if (stmt.k === 'try' && !stmt.fin) {
      // An error thrown in the block itself would be caught by its own handler.
      const inside: Exit[] = [];
      collectExits(stmt.body, isLast, isAnswer, inside);
      out.push(...inside.filter(one => !one.fails));
      if (stmt.handler)
        collectExits(stmt.handler, isLast, isAnswer, out, stmt.param?.k === 'pid' ? stmt.param.n : undefined);
    }
  });
}

function exitOf(stmt: Stmt, call: ExprOf<'call'>, caught: string | undefined): Exit | undefined {
  const [first, second] = call.a;
  const name = call.f.k === 'mem' ? call.f.n : '';
  if (call.a.some(arg => arg.k === 'spread') || call.a.length > 2) return undefined;
  if (name === 'succeed') return second ? undefined : { stmt, call, value: first, fails: false };
  if (name !== 'fail' && (!first || first.k === 'nil')) return { stmt, call, value: second, fails: false };
  const isError = first?.k === 'call' ? first.new : first?.k === 'id' && first.n === caught;
  return isError && !second ? { stmt, call, value: first, fails: true } : undefined;
}

function changes(file: string, source: string, fn: FunctionFact, exits: readonly Exit[]): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  if (!fn.async) {
    const offset = fn.kind === 'arrow' ? 0 : punctuation(source, fn.p[0], fn.p[1]).search(/\bfunction\b/);
    if (offset === -1) return undefined;
    edits.push(edit(file, [fn.p[0] + offset, fn.p[0] + offset], 'async '));
  }
  const [, context, callback] = fn.params;
  if (context && callback) edits.push(edit(file, [context.p[1], callback.p[1]], ''));
  for (const { stmt, call, value, fails } of exits) {
    const written = value ? source.slice(value.p[0], value.p[1]) : '';
    const isBody = stmt.k === 'ret' && !source.slice(stmt.p[0], stmt.p[1]).startsWith('return');
    if (isBody) {
      if (!value && !fails) return undefined;
      edits.push(edit(file, call.p, fails ? `{ throw ${written}; }` : value?.k === 'obj' ? `(${written})` : written));
    } else {
      const word = fails ? 'throw' : 'return';
      edits.push(edit(file, [stmt.p[0], call.p[1]], value ? `${word} ${written}` : word));
    }
  }
  return edits;
}

/** How often a name is used in a function's own body. */
function countNames(fn: FunctionFact, name: string | undefined): number {
  let count = 0;
  eachExprIn(fn, e => {
    if (e.k === 'id' && e.n === name && e.s === fn.id) count++;
  });
  return count;
}

function isLog({ f }: ExprOf<'call'>): boolean {
  return f.k === 'mem' && f.o.k === 'id' && /^(?:console|log|logger)$/.test(f.o.n);
}
