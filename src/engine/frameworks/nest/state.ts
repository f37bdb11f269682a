import type { Program } from '../../link/program.ts';
import type { RouterObject } from '../../link/router.ts';
import type { ClassValue, FuncValue, Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';

/** `consumer.apply(...middleware).exclude(...).forRoutes(...)`. */
export interface ConsumerStep {
  readonly middleware: readonly Value[];
  readonly routes: readonly Value[];
  readonly excluded: readonly Value[];
  readonly span: Span;
}

/** Where a provider comes from. */
export interface Provider {
  readonly token: Value;
  readonly make: Value;
  readonly kind: 'class' | 'existing' | 'factory' | 'value';
  readonly span: Span;
}

export interface MountedController {
  readonly cls: ClassValue;
  /** Path that RouterModule gives its module. */
  readonly path: string;
}

/** What the modules reachable from an application's root declare. */
export interface ModuleGraph {
  readonly controllers: MountedController[];
  readonly resolvers: ClassValue[];
  readonly providers: Provider[];
  readonly steps: ConsumerStep[];
  /** What could not be resolved, if anything. */
  unresolved: string | undefined;
}

export interface NestApp {
  readonly router: RouterObject;
  readonly root: Value;
}

export interface NestState {
  readonly apps: NestApp[];
  /** `registerAs(namespace, factory)`. */
  readonly configs: Map<string, FuncValue>;
  readonly consumed: ConsumerStep[];
  /** Providers of all applications, for injection by token. */
  readonly providers: Provider[];
}

const states = new WeakMap<Program, NestState>();

/** What was seen of Nest in one program. */
export function stateOf(program: Program): NestState {
  let state = states.get(program);
  if (!state) {
    state = { apps: [], configs: new Map(), consumed: [], providers: [] };
    states.set(program, state);
  }
  return state;
}
