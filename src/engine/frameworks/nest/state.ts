import type { Program } from '../../link/program.ts';
import type { RouterObject } from '../../link/router.ts';
import { type ClassValue, type FuncValue, sameValue, type Value } from '../../link/values.ts';
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
  readonly provided: ProviderIndex;
}

/** Providers of all applications by their token, the first of equal ones: what injection asks for. */
interface ProviderIndex {
  /** Of tokens that are classes or constants, by the class's declaration or the constant. */
  readonly plain: Map<unknown, Provider>;
  readonly others: Provider[];
}

const states = new WeakMap<Program, NestState>();

/** What was seen of Nest in one program. */
export function stateOf(program: Program): NestState {
  let state = states.get(program);
  if (!state) {
    state = { apps: [], configs: new Map(), consumed: [], provided: { plain: new Map(), others: [] } };
    states.set(program, state);
  }
  return state;
}

/** What can be injected from now on; aliases of other tokens are left to them. */
export function addProviders(program: Program, providers: readonly Provider[]): void {
  const { plain, others } = stateOf(program).provided;
  for (const provider of providers) {
    if (provider.kind === 'existing') continue;
    const key = plainKey(provider.token);
    if (key === undefined) others.push(provider);
    else if (!plain.has(key)) plain.set(key, provider);
  }
}

export function isProviding(program: Program): boolean {
  const { plain, others } = stateOf(program).provided;
  return plain.size > 0 || others.length > 0;
}

export function providerOf(program: Program, token: Value): Provider | undefined {
  const { plain, others } = stateOf(program).provided;
  const key = plainKey(token);
  return key === undefined ? others.find(one => sameValue(one.token, token)) : plain.get(key);
}

function plainKey(token: Value): unknown {
  return token.k === 'class' ? token.cls : token.k === 'const' ? token.v : undefined;
}
