import type { Facts } from './facts-of.ts';
import { forgetFacts } from './link/kept/fact-memo.ts';
import { type Graft, graft, isQuiet } from './link/kept/graft.ts';
import { isIdle } from './link/kept/idle.ts';
import type { Newcomers } from './link/kept/start-up.ts';
import { editModel, type Model } from './link/model.ts';
import type { Project } from './link/project.ts';
import type { ModelSettings } from './link/settings.ts';
import type { FileFacts, FunctionFact } from './model/facts.ts';

/**
 * What one analysis of a workspace leaves to the next. After an edit inside the bodies of functions the same program
 * lives on: the facts it was linked from are brought up to date in place, what depends on the edit is dropped, and the
 * rest is kept. Whoever owns the facts must hold those of `adopted` from then on.
 */
export interface Living {
  model: Model | undefined;
  project: Project | undefined;
  /** Facts that stand for equal ones of the last input. */
  adopted: ReadonlyMap<string, FileFacts>;
}

export function createLiving(): Living {
  return { model: undefined, project: undefined, adopted: new Map() };
}

/** The model of changed facts if the last one can be carried over, with the facts it now stands on. */
export function carryOver(
  living: Living,
  facts: ReadonlyMap<string, Facts>,
  settings: ModelSettings,
): { model: Model | undefined; facts: ReadonlyMap<string, Facts> } {
  const { model } = living;
  living.adopted = new Map();
  const isSame = model?.settings.configOf === settings.configOf && model.settings.allFiles === settings.allFiles;
  const grafts = model && isSame ? graftsOf(model.project, facts) : undefined;
  if (!model || !grafts) return { model: undefined, facts };
  const adopted = new Map<string, FileFacts>();
  const changed: FunctionFact[] = [];
  const renumbered: FunctionFact[] = [];
  const newcomers: Newcomers[] = [];
  const harmless = { unseen: new Set<FunctionFact>(), idle: new Set<FunctionFact>() };
  for (const { old, how } of grafts) {
    changed.push(...how.changed);
    for (const fn of how.those(isQuiet)) harmless.unseen.add(fn);
    for (const fn of how.those((fn, stmts, of) => isIdle(model.program, fn, stmts, of))) harmless.idle.add(fn);
    const { come, renumbered: own } = how.apply();
    renumbered.push(...own);
    newcomers.push({ facts: old, come });
    forgetFacts([old, ...old.functions, ...how.changed]);
    adopted.set(old.path, old);
  }
  living.adopted = adopted;
  const next = new Map(facts);
  for (const [path, own] of adopted) next.set(path, own);
  const isLocal = editModel(model, { changed, renumbered, harmless, newcomers });
  return { model: isLocal ? model : undefined, facts: next };
}

/** How each changed file becomes what it is now; undefined if more changed than the bodies of functions. */
function graftsOf(project: Project, facts: ReadonlyMap<string, Facts>): { old: FileFacts; how: Graft }[] | undefined {
  if (facts.size !== project.sources.size + project.artefacts.size) return undefined;
  const out: { old: FileFacts; how: Graft }[] = [];
  for (const [path, one] of facts) {
    const old = one.kind === 'source' ? project.sources.get(path) : project.artefacts.get(path);
    if (old === one) continue;
    const how = old?.kind === 'source' && one.kind === 'source' ? graft(old, one) : undefined;
    if (!how) return undefined;
    out.push({ old: old as FileFacts, how });
  }
  return out;
}
