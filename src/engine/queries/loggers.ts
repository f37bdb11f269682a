import { posix } from 'node:path';
import { bindingsOf } from '../link/env.ts';
import { perModel } from '../link/kept/per-model.ts';
import type { Model } from '../link/model.ts';
import { resolveModule } from '../link/modules.ts';
import type { Operation } from '../link/operations.ts';
import type { Expr, FileFacts, FunctionFact } from '../model/facts.ts';
import { namesOf } from './loops.ts';

/** A structured logger that a function can use. */
export interface Logger {
  /** Where its calls begin, as source text: `logger`, `this.logger`, `req.log`. */
  readonly receiver: string;
  /** API path of a call of it that the package already has. */
  readonly callee: string;
  /** What must be imported for it: nothing if it is in scope. */
  readonly from?: { readonly module: string; readonly name: string };
}

interface Use {
  readonly operation: Operation;
  readonly receiver: Expr;
}

/** The logger that a function's file uses where the function stands, else the one most files of its package import. */
export function loggerFor(model: Model, file: string, fn: FunctionFact): Logger | undefined {
  const facts = model.project.sources.get(file);
  if (!facts) return undefined;
  const own = (usesByFile(model).get(file) ?? []).flatMap(({ operation, receiver }) => {
    const text = inScope(facts, fn, operation.fn, receiver);
    return text === undefined ? [] : [{ receiver: text, callee: operation.callee }];
  });
  return own[0] ?? imported(model, file, facts, fn);
}

const usesByFile = perModel((model): ReadonlyMap<string, readonly Use[]> => {
  const out = new Map<string, Use[]>();
  for (const operation of model.operations('log')) {
    const { f } = operation.site.call;
    if (!operation.is['structured'] || f.k !== 'mem') continue;
    const list = out.get(operation.file);
    const use = { operation, receiver: f.o };
    if (list) list.push(use);
    else out.set(operation.file, [use]);
  }
  return out;
});

/** The receiver as it can be written in a function, if it means the same there as where it is used. */
function inScope(facts: FileFacts, fn: FunctionFact, user: FunctionFact, receiver: Expr): string | undefined {
  if (receiver.k === 'id') return receiver.s === 0 && !isShadowed(facts, fn, receiver.n) ? receiver.n : undefined;
  if (receiver.k !== 'mem') return undefined;
  const { o, n } = receiver;
  if (o.k === 'this') {
    const cls = methodAround(facts, fn)?.cls;
    return cls !== undefined && cls === methodAround(facts, user)?.cls ? `this.${n}` : undefined;
  }
  if (o.k !== 'id' || o.s <= 0) return undefined;
  const owner = around(facts, fn).find(one => one.id === o.s);
  const isParam = owner?.params.some(({ pat }) => pat.k === 'pid' && pat.n === o.n);
  return isParam && around(facts, user).includes(owner!) ? `${o.n}.${n}` : undefined;
}

/** The method whose `this` a function has: its own, or that of the arrow functions it stands in. */
function methodAround(facts: FileFacts, fn: FunctionFact): FunctionFact | undefined {
  const method = around(facts, fn).find(one => one.kind !== 'arrow');
  return method?.cls === undefined ? undefined : method;
}

/** A function and those it is written in, innermost first, the module left out. */
function around({ functions }: FileFacts, fn: FunctionFact): FunctionFact[] {
  const out: FunctionFact[] = [];
  for (let at: FunctionFact | undefined = fn; at && at.id !== 0; at = functions[at.parent]) out.push(at);
  return out;
}

function isShadowed(facts: FileFacts, fn: FunctionFact, name: string): boolean {
  return around(facts, fn).some(
    one => bindingsOf(one).has(name) || one.params.some(({ pat }) => namesOf(pat).includes(name)),
  );
}

function imported(model: Model, file: string, facts: FileFacts, fn: FunctionFact): Logger | undefined {
  const { project } = model;
  const owner = project.packageOf(file);
  const counts = new Map<string, { count: number; logger: Logger; target: string }>();
  for (const [other, list] of usesByFile(model)) {
    if (other === file || project.packageOf(other) !== owner) continue;
    const theirs = project.sources.get(other)!;
    const names = new Map(
      list.flatMap(({ operation, receiver: e }) => (e.k === 'id' ? [[e.n, operation.callee]] : [])),
    );
    for (const [local, callee] of names) {
      const origin = theirs.imports.find(one => one.local === local && !one.typeOnly && one.name !== '*');
      const target = origin && resolveModule(project, other, origin.module);
      if (!origin || target?.k !== 'file' || target.path === file) continue;
      const module = specifier(facts, file, target.path, origin.module);
      const known = resolveModule(project, file, module);
      if (known.k !== 'file' || known.path !== target.path) continue;
      const key = `${target.path} ${origin.name}`;
      const logger = { receiver: local, callee: callee!, from: { module, name: origin.name } };
      counts.set(key, { count: (counts.get(key)?.count ?? 0) + 1, logger, target: target.path });
    }
  }
  const [best] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (!best || isShadowed(facts, fn, best.logger.receiver)) return undefined;
  return needs(model, best.target, file) ? undefined : best.logger;
}

/** A module as a file would import it: by alias as others do, else relative and with the ending its imports have. */
function specifier(facts: FileFacts, file: string, target: string, theirs: string): string {
  if (!theirs.startsWith('.')) return theirs;
  const sample = facts.imports.find(one => one.module.startsWith('.'))?.module ?? theirs;
  const ending = /\.[cm]?[jt]sx?$/.exec(sample)?.[0] ?? '';
  const path = posix.relative(posix.dirname(file), target).replace(/\.[cm]?[jt]sx?$/, '');
  const known = ending === '' ? path.replace(/\/index$/, '') : path + ending;
  return known.startsWith('.') ? known : `./${known}`;
}

/** Whether a module loads another one, directly or not: an import back would make a circle. */
function needs(model: Model, from: string, wanted: string): boolean {
  const seen = new Set([from]);
  const queue = [from];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (const { module, typeOnly } of model.project.sources.get(at)?.dependencies ?? []) {
      const target = typeOnly ? undefined : resolveModule(model.project, at, module);
      if (target?.k !== 'file' || seen.has(target.path)) continue;
      if (target.path === wanted) return true;
      seen.add(target.path);
      queue.push(target.path);
    }
  }
  return false;
}
