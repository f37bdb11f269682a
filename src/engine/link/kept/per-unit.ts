import type { FileFacts } from '../../model/facts.ts';
import type { Model } from '../model.ts';
import type { Program } from '../program.ts';
import type { FileUnit } from '../values.ts';

interface Part {
  readonly found: readonly unknown[];
  /** It depends on more than the bodies of its own file. */
  readonly isLinked: boolean;
}

type Parts = Map<FileUnit, Part>;

const all = new WeakMap<Program, Map<object, Parts>>();

/**
 * What a rule looks for in every judged file, kept file by file: an edit has the files looked into again whose bodies
 * changed or that relied on what changed, and no other.
 */
export function perUnit<T>(read: (model: Model, unit: FileUnit) => readonly T[]): (model: Model) => T[] {
  const query = {};
  return model => {
    const { cells } = model.program;
    const parts = partsOf(model.program, query);
    cells.read(parts);
    const out: T[] = [];
    for (const unit of judgedUnits(model)) {
      let part = parts.get(unit);
      if (!part) {
        const before = cells.openPart(parts, unit, unit.facts);
        cells.keep(parts, unit);
        const found = cells.watching(() => read(model, unit));
        part = { found, isLinked: cells.close(parts, unit, before) };
        parts.set(unit, part);
      } else if (part.isLinked) cells.meet(parts, unit);
      for (const one of part.found) out.push(one as T);
    }
    return out;
  };
}

const judged = new WeakMap<Program, readonly FileUnit[]>();

/** The files that are judged, which no edit in place can change, in path order. */
export function judgedUnits({ program, isJudged }: Model): readonly FileUnit[] {
  let known = judged.get(program);
  if (!known) {
    known = [...program.units.values()].filter(({ path, facts }) => !facts.generated && isJudged(path));
    judged.set(program, known);
  }
  return known;
}

function partsOf(program: Program, query: object): Parts {
  let queries = all.get(program);
  if (!queries) {
    queries = new Map();
    all.set(program, queries);
  }
  let parts = queries.get(query);
  if (!parts) {
    parts = new Map();
    queries.set(query, parts);
  }
  return parts;
}

/** Forgets what was found in files whose bodies changed; gives what was read by whoever asked for it. */
export function forgetUnits(program: Program, changed: readonly FileFacts[]): object[] {
  const units = changed.flatMap(({ path }) => program.units.get(path) ?? []);
  return [...(all.get(program)?.values() ?? [])].filter(parts => units.filter(unit => parts.delete(unit)).length > 0);
}
