import type { FileFacts } from '../../model/facts.ts';
import type { Model } from '../model.ts';
import type { Program } from '../program.ts';
import type { FileUnit } from '../values.ts';
import { isAlike } from './alike.ts';

type Read = (model: Model, unit: FileUnit) => readonly unknown[];

interface Part {
  readonly found: readonly unknown[];
  /** Who asks for it has to name it, or nobody tells him. */
  readonly isMet: boolean;
}

/** What a query found. */
interface Parts {
  readonly read: Read;
  /** By file; it stands for the query towards those who ask. */
  readonly byUnit: Map<FileUnit, Part>;
  /** Not only rules ask for it. */
  isOfModel: boolean;
}

type Doubtful = readonly [Parts, FileUnit];

const all = new WeakMap<Program, Map<Read, Parts>>();
/** Files whose bodies changed, to be looked into again before anybody asks. */
const doubtful = new WeakMap<Program, readonly Doubtful[]>();
const owners = new WeakMap<object, Parts>();

/**
 * What a rule looks for in every judged file, kept file by file: an edit has the files looked into again whose bodies
 * changed or that relied on what changed, and no other. Rules are told if something else is found there.
 */
export function perUnit<T>(read: (model: Model, unit: FileUnit) => readonly T[]): (model: Model) => T[] {
  return model => {
    const { cells } = model.program;
    const parts = partsOf(model.program, read);
    parts.isOfModel ||= !cells.isLate;
    cells.read(parts.byUnit);
    const out: T[] = [];
    for (const unit of judgedUnits(model)) {
      let part = parts.byUnit.get(unit);
      if (!part) part = lookInto(model, parts, unit);
      else if (part.isMet) cells.meet(parts.byUnit, unit);
      for (const one of part.found) out.push(one as T);
    }
    return out;
  };
}

function lookInto(model: Model, { read, byUnit }: Parts, unit: FileUnit): Part {
  const { cells } = model.program;
  const before = cells.openPart(byUnit, unit, unit.facts);
  cells.keep(byUnit, unit);
  const found = cells.watching(() => read(model, unit));
  const { isTold } = cells;
  const part = { found, isMet: cells.close(byUnit, unit, before) && !isTold };
  byUnit.set(unit, part);
  return part;
}

/**
 * After an edit: looks again where something else may be found, and tells those who rely on it if it is so. What the
 * model asks for comes before it is put together anew, what rules ask for after that.
 */
export function recheckUnits(model: Model, isOfModel: boolean): void {
  const { cells } = model.program;
  const again = new Map<Parts, Set<FileUnit>>();
  const rest: Doubtful[] = [];
  for (const one of [...(doubtful.get(model.program) ?? []), ...waitingParts(model.program)]) {
    const [parts, unit] = one;
    if (parts.isOfModel !== isOfModel) rest.push(one);
    else again.set(parts, (again.get(parts) ?? new Set()).add(unit));
  }
  doubtful.set(model.program, rest);
  // All of them, whatever the first one says.
  for (const [parts, units] of again)
    if ([...units].filter(unit => !saysTheSame(model, parts, unit)).length > 0) cells.renew(parts.byUnit);
}

/** Parts that rely on something else that changed. */
function waitingParts({ cells }: Program): Doubtful[] {
  return cells.takeDoubts('file').flatMap(({ memory, key }): Doubtful[] => {
    const parts = owners.get(memory);
    return parts ? [[parts, key as FileUnit]] : [];
  });
}

function saysTheSame(model: Model, parts: Parts, unit: FileUnit): boolean {
  const old = parts.byUnit.get(unit);
  parts.byUnit.delete(unit);
  try {
    const now = lookInto(model, parts, unit);
    if (!old || !isAlike(old.found, now.found) || (now.isMet && !old.isMet)) return false;
    parts.byUnit.set(unit, { ...now, found: old.found });
    return true;
  } catch {
    // The rule meets the same error, and tells of it.
    model.program.cells.abandon();
    parts.byUnit.delete(unit);
    return false;
  }
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

function partsOf(program: Program, read: Read): Parts {
  const queries = all.get(program) ?? new Map<Read, Parts>();
  all.set(program, queries);
  let parts = queries.get(read);
  if (!parts) {
    parts = { read, byUnit: new Map(), isOfModel: false };
    queries.set(read, parts);
    owners.set(parts.byUnit, parts);
  }
  return parts;
}

/** Notes what was found in files whose bodies changed. */
export function doubtUnits(program: Program, changed: readonly FileFacts[]): void {
  const units = changed.flatMap(({ path }) => program.units.get(path) ?? []);
  const parts = [...(all.get(program)?.values() ?? [])];
  doubtful.set(program, [
    ...(doubtful.get(program) ?? []),
    ...parts.flatMap(one => units.flatMap((unit): Doubtful[] => (one.byUnit.has(unit) ? [[one, unit]] : []))),
  ]);
}
