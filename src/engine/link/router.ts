import type { Span } from '../model/span.ts';
import type { ChainLink, Protocol } from './endpoint.ts';
import type { FuncValue, Value } from './values.ts';

/**
 * A router as the program builds it. Frameworks differ in how entries take effect: `ordered` routers run what was
 * registered before a route, `scoped` ones run every hook of the route's scope and its ancestors.
 */
export interface RouterObject {
  readonly framework: string;
  readonly order: 'ordered' | 'scoped';
  readonly span: Span;
  readonly entries: RouterEntry[];
  /** Own prefix, joined before every path in it. */
  prefix: Value | undefined;
  /** The scope it inherits hooks from without being mounted by path (Fastify plugins). */
  parent: RouterObject | undefined;
  /** True for an application (it can serve by itself), false for something that must be mounted. */
  readonly app: boolean;
  /** Set when it is a parameter nobody was seen to pass: its mount is unknown. */
  readonly detached: boolean;
  /** What its routes are: paths of a server, events of a platform, or root fields of a GraphQL schema (method QUERY, path the field's name). */
  readonly protocol: Protocol;
  /** Facts an adapter wants to keep with the router (global prefix, versioning …). */
  readonly notes: Map<string, Value>;
  /** The branch that had to be taken for it to be there at all. */
  readonly within: Branch | undefined;
}

/** A branch or loop that may not run, inside another. */
export interface Branch {
  readonly outer: Branch | undefined;
}

/** Whether what is registered at a router in a branch may be missing where the router is there. */
export function mayBeMissing({ within }: RouterObject, branch: Branch | undefined): boolean {
  for (let at = within; at; at = at.outer) if (at === branch) return false;
  return branch !== undefined;
}

export type RouterEntry =
  | {
      readonly k: 'use';
      /** Undefined: every path. */
      readonly path: Value | undefined;
      readonly handlers: readonly Value[];
      readonly span: Span;
      /** Registered in a branch or loop that may not run. */
      readonly conditional: boolean;
      /** How the path matches: as a prefix, or exactly (Hono without a star). */
      readonly match?: 'prefix' | 'exact';
      /** A fastify hook's name, a Nest enhancer's kind … */
      readonly stage?: string;
    }
  | {
      readonly k: 'route';
      readonly methods: readonly string[];
      readonly path: Value;
      /** Guards first, the handler last. */
      readonly handlers: readonly Value[];
      readonly span: Span;
      readonly conditional: boolean;
      readonly options?: Value;
      readonly marks?: RouteMarks;
      /** What could not be followed of this route alone. */
      readonly partial?: string;
      /** Of a field of a GraphQL schema: paths of its arguments that can hold numbers and values of a list only. */
      readonly plain?: readonly string[];
      /** The part of the handler that answers this route, where one function answers several. */
      readonly branch?: FuncValue;
      /** Steps whose effect depends on the route itself (metadata, declared types); asked when endpoints are linked. */
      readonly judge?: () => RouteVerdict;
    };

/** What stands before one route, judged with the route in view. */
export interface RouteVerdict {
  readonly steps: readonly ChainLink[];
  readonly isPublic?: string | undefined;
  /** Roles of steps above that the route's own options switch off, and where they do. */
  readonly lifted?: { readonly role: ChainLink['roles'][number]; readonly why: string } | undefined;
}

export interface RouteMarks {
  /** Why this route is meant to be open, as its own code says. */
  readonly isPublic?: string;
  /** Metadata decorators or options by name: roles, public marks, validation classes. */
  readonly metadata?: ReadonlyMap<string, Value>;
}

export function createRouter(
  framework: string,
  span: Span,
  options: Partial<Pick<RouterObject, 'order' | 'prefix' | 'parent' | 'app' | 'detached' | 'protocol' | 'within'>> = {},
): RouterObject {
  return {
    framework,
    order: options.order ?? 'ordered',
    span,
    entries: [],
    prefix: options.prefix,
    parent: options.parent,
    app: options.app ?? false,
    detached: options.detached ?? false,
    protocol: options.protocol ?? 'http',
    notes: new Map(),
    within: options.within,
  };
}
