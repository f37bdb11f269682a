import type { Model } from '../link/model.ts';
import { type Flow, isOfPage } from './flow.ts';
import type { SinkKind } from './kinds.ts';
import { createProfile, type Timed } from './profile.ts';
import { type Solution, solve } from './solve.ts';
import { TEMPLATE } from './template-sinks.ts';

const IN_PAGE = /^(?:Element|dangerouslySetInnerHTML|insertAdjacentHTML|document\.|\$|jQuery|jquery)/;

/** What the flow engine found out about a model; worked out once, when somebody asks first. */
export interface Flows {
  /** Ways from untrusted values to sinks of a kind, in path order. */
  of(kind: SinkKind): readonly Flow[];
  /** Whether what is written is a page that is there already, not an answer. */
  isInPage(flow: Flow): boolean;
  /** Whether it is a template that writes it, at the sink's place. */
  isInTemplate(flow: Flow): boolean;
  readonly solution: Solution;
  /** Functions that took longest by themselves, if the settings bring a clock. */
  readonly slowest: readonly Timed[];
}

export function linkFlows(model: Model): Flows {
  const profile = createProfile(model.settings.now);
  const solution = solve(model, profile);
  const byKind = new Map<SinkKind, Flow[]>();
  for (const flow of solution.flows) {
    const list = byKind.get(flow.kind);
    if (list) list.push(flow);
    else byKind.set(flow.kind, [flow]);
  }
  return {
    solution,
    slowest: profile.slowest(),
    of: kind => byKind.get(kind) ?? [],
    isInTemplate: ({ sink }) => sink.api === TEMPLATE,
    isInPage: ({ source, sink }) => isOfPage(source.api) || IN_PAGE.test(sink.api),
  };
}
