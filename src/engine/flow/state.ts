import type { Evidence } from '../model/finding.ts';
import type { Mask } from './kinds.ts';
import { CLEAN, clean, join, type Origin, type Taint } from './taint.ts';

export interface Proof {
  readonly origin: Origin;
  readonly mask: Mask;
  readonly by: Evidence | undefined;
}

/** What is known at one point of a function: its variables, and the values that a check has proved harmless. */
export interface State {
  readonly vars: Map<string, Taint>;
  /** By origin: what it is clean for from here on. */
  readonly proved: Map<string, Proof>;
}

export function newState(): State {
  return { vars: new Map(), proved: new Map() };
}

export function fork(state: State): State {
  return { vars: new Map(state.vars), proved: new Map(state.proved) };
}

/** What holds whichever of two ways was taken. */
export function merge(a: State, b: State): State {
  const vars = new Map(a.vars);
  for (const [name, taint] of b.vars) {
    const other = a.vars.get(name) ?? CLEAN;
    // Where one way changed a variable, what the other proved of it must not get lost.
    if (other !== taint) vars.set(name, join(proved(a, other), proved(b, taint)));
  }
  const both = new Map<string, Proof>();
  for (const [id, proof] of a.proved) {
    const mask = proof.mask & (b.proved.get(id)?.mask ?? 0);
    if (mask) both.set(id, { ...proof, mask });
  }
  return { vars, proved: both };
}

export function prove(state: State, origin: Origin, mask: Mask, by: Evidence | undefined): void {
  const id = origin.id;
  const known = state.proved.get(id);
  state.proved.set(id, { origin, mask: mask | (known?.mask ?? 0), by: by ?? known?.by });
}

/** A value in the light of the checks passed so far. */
export function proved(state: State, taint: Taint): Taint {
  if (taint.own.length === 0 || state.proved.size === 0) return taint;
  let changed = false;
  const own = taint.own.map(origin => {
    const proof = state.proved.get(origin.id);
    if (!proof) return origin;
    const next = clean(origin, proof.mask, proof.by);
    changed ||= next !== origin;
    return next;
  });
  return changed ? { own, fields: taint.fields } : taint;
}
