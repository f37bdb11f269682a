import type { Signals } from './signals.ts';

export function noSignals(): Signals {
  return {
    credentials: [],
    verifies: [],
    permissions: [],
    rejects: [],
    signature: [],
    forgery: [],
    validates: new Set(),
    limits: false,
    passesAfterReject: false,
    optional: false,
    throws: false,
    opaque: false,
    defers: false,
    proves: false,
  };
}

export function addSignals(into: Signals, from: Signals): void {
  into.credentials.push(...from.credentials);
  into.verifies.push(...from.verifies);
  into.permissions.push(...from.permissions);
  into.rejects.push(...from.rejects);
  into.signature.push(...from.signature);
  into.forgery.push(...from.forgery);
  for (const part of from.validates) into.validates.add(part);
  into.limits ||= from.limits;
  into.opaque ||= from.opaque;
  into.defers ||= from.defers;
  into.proves ||= from.proves;
}

/** What is left of signals where whatever is thrown comes to nothing. */
export function tried(from: Signals): Signals {
  return { ...from, rejects: [], proves: false };
}
