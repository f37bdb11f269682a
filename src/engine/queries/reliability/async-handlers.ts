import { blocksOf, eachExpr, exprsOf } from '../../link/env.ts';
import type { Model } from '../../link/model.ts';
import type { RouterEntry } from '../../link/router.ts';
import type { FuncValue, Value } from '../../link/values.ts';
import type { FunctionFact, Stmt } from '../../model/facts.ts';

/** A function that a router calls and whose rejection nobody receives. */
export interface Unforwarded {
  readonly func: FuncValue;
  readonly entry: RouterEntry;
  /** Range of the first await that stands outside of any try. */
  readonly await: readonly [number, number];
  readonly framework: string;
  readonly version: string;
}

/** Async handlers of frameworks that ignore the promise a handler returns, in the version that is installed. */
export function unforwardedHandlers({ program, project, isJudged }: Model): Unforwarded[] {
  const out = new Map<FunctionFact, Unforwarded>();
  for (const router of program.routers) {
    const adapter = program.adapters.byId(router.framework);
    const first = adapter?.forwardsRejectionsFrom;
    const [name] = adapter?.packages ?? [];
    if (!adapter || first === undefined || name === undefined) continue;
    for (const entry of router.entries) {
      const { file } = entry.span;
      if (!isJudged(file) || (adapter.forwardedBy ?? []).some(patch => project.dependsOn(file, patch))) continue;
      const version = project.versionOf(file, name);
      if (version === undefined || Number.parseInt(version, 10) >= first) continue;
      for (const handler of entry.handlers) {
        const func = asyncFunction(handler);
        const at = func && firstLooseAwait(func.fn.body);
        if (func && at && !out.has(func.fn))
          out.set(func.fn, { func, entry, await: at, framework: adapter.title, version });
      }
    }
  }
  return [...out.values()];
}

function asyncFunction(value: Value): FuncValue | undefined {
  return value.k === 'func' && value.fn.async ? value : undefined;
}

/** The first await whose failure leaves the function. */
function firstLooseAwait(body: readonly Stmt[]): readonly [number, number] | undefined {
  for (const stmt of body) {
    for (const e of exprsOf(stmt)) {
      let found: readonly [number, number] | undefined;
      eachExpr(e, one => {
        if (one.k === 'await' && !found && !catches(one.e)) found = one.p;
      });
      if (found) return found;
    }
    const blocks = stmt.k === 'try' && stmt.handler ? [stmt.fin ?? []] : blocksOf(stmt);
    for (const block of blocks) {
      const found = firstLooseAwait(block);
      if (found) return found;
    }
  }
  return undefined;
}

/** `await work().catch(…)`. */
function catches(e: { readonly k: string; readonly f?: unknown }): boolean {
  const f = e.k === 'call' ? (e.f as { k: string; n?: string }) : undefined;
  return f?.k === 'mem' && f.n === 'catch';
}
