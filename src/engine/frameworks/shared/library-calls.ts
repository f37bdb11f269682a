import { callsIn } from '../../link/call-index.ts';
import { defaultExport, eachExpr } from '../../link/env.ts';
import { evaluate } from '../../link/evaluate.ts';
import { perFile } from '../../link/kept/per-file.ts';
import type { Program } from '../../link/program.ts';
import { type ApiValue, alternatives, type Env, spanIn } from '../../link/values.ts';
import { type ExprOf, type FileFacts, type FunctionFact, type ImportFact, MODULE } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A call of a library, with the variables it stands among. */
export interface LibraryCall {
  readonly call: ExprOf<'call'>;
  readonly env: Env;
  /** The callee's canonical API path. */
  readonly path: string;
  readonly callee: ApiValue;
  /** The callee's last name. */
  readonly span: Span;
}

/** Every call by one of these names that turns out to be a library's; nothing where no file imports one of the packages. */
export function* libraryCalls(
  program: Program,
  packages: RegExp,
  names: ReadonlySet<string>,
  isWanted: (path: string) => boolean,
): Iterable<LibraryCall> {
  const units = [...program.units.values()];
  if (!units.some(({ facts }) => facts.dependencies.some(({ module }) => packages.test(module)))) return;
  const namedIn = (facts: FileFacts, fn: FunctionFact): readonly ExprOf<'call'>[] =>
    [...callsIn(fn).map(({ call }) => call), ...(fn.id === MODULE ? defaultCalls(facts) : [])].filter(
      ({ f }) =>
        (f.k === 'id' && (names.has(f.n) || isRenamed(facts.imports, f.n, names, packages))) ||
        (f.k === 'mem' && names.has(f.n)),
    );
  program.cells.expectNone((facts, fn) => namedIn(facts, fn).length > 0);
  for (const unit of units) {
    for (const fn of unit.facts.functions) {
      if (!program.cells.rely(fn, () => namedIn(unit.facts, fn).length > 0)) continue;
      program.cells.read(fn);
      for (const call of namedIn(unit.facts, fn)) {
        const { f } = call;
        if (f.k !== 'id' && f.k !== 'mem') continue;
        const env = program.staticEnv(unit, fn);
        for (const callee of alternatives(evaluate(program, env, f))) {
          const path = callee.k === 'api' ? program.adapters.canonical(callee.path) : '';
          if (callee.k === 'api' && isWanted(path))
            yield { call, env, path, callee, span: spanIn(env, f.k === 'mem' ? f.np : f.p) };
        }
      }
    }
  }
}

/** `export default createSchema(…)` stands in no body. */
const defaultCalls = perFile((facts): readonly ExprOf<'call'>[] => {
  const given = defaultExport(facts);
  const calls: ExprOf<'call'>[] = [];
  if (given)
    eachExpr(given, e => {
      if (e.k === 'call') calls.push(e);
    });
  return calls;
});

function isRenamed(
  imports: readonly ImportFact[],
  local: string,
  names: ReadonlySet<string>,
  packages: RegExp,
): boolean {
  return imports.some(
    one => one.local === local && (names.has(one.name) || (one.name === 'default' && packages.test(one.module))),
  );
}
