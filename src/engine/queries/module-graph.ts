import { eachExpr, eachExprIn, eachStmt } from '../link/env.ts';
import { headMemo } from '../link/kept/fact-memo.ts';
import { perFile } from '../link/kept/per-file.ts';
import { type ModuleTarget, resolveModule } from '../link/modules.ts';
import type { Project } from '../link/project.ts';
import type { DependencyFact, Expr, FileFacts, TypeRef } from '../model/facts.ts';
import type { Span } from '../model/span.ts';

/** One module asking for another at run time. */
export interface ModuleEdge {
  readonly from: string;
  readonly dependency: DependencyFact;
  readonly target: ModuleTarget;
  /** The specifier with its quotes where it is known, else the statement or call. */
  readonly span: Span;
}

export interface ModuleGraph {
  /** What a file loads when it is loaded itself, in the order of loading; what the compiler erases is left out. */
  loadsOf(file: string): readonly ModuleEdge[];
  /** The same with what the compiler may erase: cheaper, for those who look closer at a few edges only. */
  askedBy(file: string): readonly ModuleEdge[];
  isErased(edge: ModuleEdge): boolean;
  /** Files that load a file, tests and scripts included. */
  loadersOf(file: string): readonly ModuleEdge[];
  /** Every file that is loaded with an entry, with the edge by which it is first reached; the entry has none. */
  reachedFrom(entry: string): ReadonlyMap<string, ModuleEdge | undefined>;
  /** Every edge followed from an entry, in the order in which a program comes by it; each file is loaded once. */
  loadOrder(entry: string): readonly ModuleEdge[];
}

const graphs = new WeakMap<Project, ModuleGraph>();

/** Which module loads which when a program starts; `import()` and conditional `require` are not followed. */
export function moduleGraph(project: Project): ModuleGraph {
  let graph = graphs.get(project);
  if (!graph) {
    graph = createGraph(project);
    graphs.set(project, graph);
  }
  return graph;
}

/** The way from an entry to a file, as the edges that lead there. */
export function wayTo(reached: ReadonlyMap<string, ModuleEdge | undefined>, file: string): ModuleEdge[] {
  const way: ModuleEdge[] = [];
  for (let edge = reached.get(file); edge; edge = reached.get(edge.from)) way.unshift(edge);
  return way;
}

function createGraph(project: Project): ModuleGraph {
  const loads = new Map<string, readonly ModuleEdge[]>();
  let loaders: Map<string, ModuleEdge[]> | undefined;
  const askedBy = (file: string): readonly ModuleEdge[] => {
    const facts = project.sources.get(file);
    return facts && !facts.generated ? keptEdges(project, facts) : [];
  };
  const isErased = ({ from, dependency }: ModuleEdge): boolean => {
    const facts = project.sources.get(from);
    if (!facts || dependency.kind !== 'import' || !/\.[cm]?tsx?$/.test(from)) return false;
    return !isUsed(facts, dependency, namesUsed(facts));
  };
  const loadsOf = (file: string): readonly ModuleEdge[] => {
    let found = loads.get(file);
    if (!found) {
      found = askedBy(file).filter(edge => !isErased(edge));
      loads.set(file, found);
    }
    return found;
  };
  return {
    askedBy,
    isErased,
    loadsOf,
    loadersOf(file) {
      if (!loaders) {
        loaders = new Map();
        for (const path of project.sources.keys())
          for (const edge of loadsOf(path)) {
            if (edge.target.k !== 'file') continue;
            const list = loaders.get(edge.target.path);
            if (list) list.push(edge);
            else loaders.set(edge.target.path, [edge]);
          }
      }
      return loaders.get(file) ?? [];
    },
    reachedFrom(entry) {
      const reached = new Map<string, ModuleEdge | undefined>([[entry, undefined]]);
      for (const file of reached.keys())
        for (const edge of loadsOf(file))
          if (edge.target.k === 'file' && !reached.has(edge.target.path)) reached.set(edge.target.path, edge);
      return reached;
    },
    loadOrder(entry) {
      const order: ModuleEdge[] = [];
      const seen = new Set<string>([entry]);
      const visit = (file: string): void => {
        for (const edge of loadsOf(file)) {
          order.push(edge);
          if (edge.target.k !== 'file' || seen.has(edge.target.path)) continue;
          seen.add(edge.target.path);
          visit(edge.target.path);
        }
      };
      visit(entry);
      return order;
    },
  };
}

const edges = headMemo<{ readonly targets: Project['targets']; readonly list: readonly ModuleEdge[] }>();

/** What a file asks for holds as long as modules resolve alike, from one analysis to the next. */
function keptEdges(project: Project, facts: FileFacts): readonly ModuleEdge[] {
  const known = edges.get(facts);
  if (known?.targets === project.targets) return known.list;
  const list = edgesOf(project, facts);
  edges.set(facts, { targets: project.targets, list });
  return list;
}

function edgesOf(project: Project, facts: FileFacts): ModuleEdge[] {
  const { path, dependencies } = facts;
  const eager = dependencies.filter(one => one.eager && !one.typeOnly && one.kind !== 'dynamic');
  if (eager.length === 0) return [];
  return eager
    .sort((a, b) => Number(isHoisted(b)) - Number(isHoisted(a)) || a.p[0] - b.p[0])
    .map(dependency => {
      const [start, end] = specifierOf(facts, dependency);
      const target = resolveModule(project, path, dependency.module);
      return { from: path, dependency, target, span: { file: path, start, end } };
    });
}

function isHoisted({ kind }: DependencyFact): boolean {
  return kind === 'import' || kind === 'export';
}

function bound({ imports }: FileFacts, { p }: DependencyFact): FileFacts['imports'] {
  return imports.filter(one => one.p[0] >= p[0] && one.p[1] <= p[1]);
}

function specifierOf(facts: FileFacts, dependency: DependencyFact): readonly [number, number] {
  return bound(facts, dependency)[0]?.mp ?? dependency.p;
}

/** TypeScript drops an import of which no name is used as a value; one without names stays. */
function isUsed(facts: FileFacts, dependency: DependencyFact, used: ReadonlySet<string>): boolean {
  const names = bound(facts, dependency);
  return names.length === 0 || names.some(one => !one.typeOnly && used.has(one.local));
}

/** Names of the module's scope that survive compilation as values, parameter types of decorated classes included. */
const namesUsed = perFile((facts: FileFacts): ReadonlySet<string> => {
  const used = new Set<string>();
  const visit = (e: Expr | undefined): void => {
    if (e)
      eachExpr(e, one => {
        if (one.k === 'id' && one.s === 0) used.add(one.n);
        else if (one.k === 'jsx') used.add(one.tag.split('.')[0]!);
        else if (one.k === 'obj') for (const prop of one.props) if (prop.k === 'prop' && prop.short) used.add(prop.n);
      });
  };
  const addType = (type: TypeRef | undefined): void => {
    if (!type) return;
    used.add(type.n.split('.')[0]!);
    type.args?.forEach(addType);
  };
  for (const fn of facts.functions) {
    eachExprIn(fn, visit);
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'let') eachDefault(stmt.pat, visit);
    });
    for (const { pat, d, decorators } of fn.params) {
      visit(d);
      eachDefault(pat, visit);
      for (const { e } of decorators ?? []) visit(e);
    }
    const owner = fn.cls === undefined ? undefined : facts.classes[fn.cls];
    const isDecorated = owner?.decorators || owner?.members.some(member => member.decorators);
    if (isDecorated) for (const { t } of fn.params) addType(t);
  }
  for (const { ext, decorators, members } of facts.classes) {
    visit(ext);
    for (const { e } of decorators ?? []) visit(e);
    for (const { init, t, decorators: own } of members) {
      visit(init);
      for (const { e } of own ?? []) visit(e);
      if (own) addType(t);
    }
  }
  for (const one of facts.exports) {
    if (one.k === 'value') visit(one.e);
    else if (one.k === 'local' && !one.typeOnly) used.add(one.local);
  }
  return used;
});

function eachDefault(
  pattern: FileFacts['functions'][number]['params'][number]['pat'],
  visit: (e: Expr | undefined) => void,
): void {
  if (pattern.k === 'pobj') {
    for (const { key, v, d } of pattern.props) {
      if (typeof key !== 'string') visit(key);
      visit(d);
      eachDefault(v, visit);
    }
  } else if (pattern.k === 'parr') {
    for (const item of pattern.items) {
      visit(item?.d);
      if (item) eachDefault(item.v, visit);
    }
  }
}
