import type { Model } from '../link/model.ts';
import { type Reaching, reaching } from './findings.ts';
import type { Flow } from './flow.ts';
import { packageOf } from './sinks.ts';

/** What a caller decides of a request to a language model: one for each request. */
export interface Asked {
  /** The most telling of what is decided. */
  readonly first: Reaching;
  readonly option: (typeof ORDER)[number];
}

/** Most telling first. */
const ORDER = ['everything', 'messages', 'role', 'tools', 'model', 'limit'] as const;

/** Since this version of the toolkit, text of the system is refused among messages. */
const REFUSES_SYSTEM = 7;

/** Untrusted text in a model's instructions; a request passed on as a whole is told by the other query. */
export function instructed(model: Model): Reaching[] {
  const whole = new Set(askedByCaller(model).map(({ first }) => callOf(first.flow)));
  return reaching(model, 'asked', 'remote', flow => flow.sink.option === 'instructions' && !whole.has(callOf(flow)));
}

/** Requests to a model of which the caller decides more than what the user says. */
export function askedByCaller(model: Model): Asked[] {
  const byCall = new Map<string, Asked>();
  for (const option of ORDER) {
    for (const first of reaching(model, 'asked', 'remote', flow => decides(model, flow, option))) {
      const call = callOf(first.flow);
      if (!byCall.has(call)) byCall.set(call, { first, option });
    }
  }
  return [...byCall.values()];
}

function decides({ project }: Model, { sink, isChecked }: Flow, option: string): boolean {
  if (sink.option !== option || isChecked) return false;
  if (option !== 'messages' && option !== 'role') return true;
  const version = project.versionOf(sink.arg.file, packageOf(sink.api));
  return packageOf(sink.api) !== 'ai' || Number.parseInt(version ?? '0', 10) < REFUSES_SYSTEM;
}

function callOf({ sink: { call } }: Flow): string {
  return `${call.file}:${call.start}`;
}
