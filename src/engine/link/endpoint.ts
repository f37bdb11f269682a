import type { Evidence } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { RouteMarks } from './router.ts';
import type { FuncValue, Value } from './values.ts';

/** What a step on the way to a handler does, as far as evidence shows. */
export type MiddlewareRole =
  | 'authenticates'
  /** Acts only for a token that it verifies, though not one the caller signs in with: signed links, confirmations. */
  | 'verifies-token'
  /** Recognises callers who show a credential, and lets the others pass. */
  | 'recognises'
  | 'authorizes'
  /** Starts or ends a sign-in at a provider: open by nature, and no guard. */
  | 'signs-in'
  | 'validates-body'
  | 'validates-query'
  | 'validates-params'
  | 'validates-headers'
  | 'limits-rate'
  | 'limits-body'
  | 'parses-body'
  | 'parses-cookies'
  | 'session'
  | 'csrf'
  | 'cors'
  | 'security-headers'
  | 'verifies-signature'
  | 'logs'
  | 'traces'
  | 'handles-errors'
  | 'serves-files'
  /** Answers for a whole GraphQL schema, of which every root field is an endpoint of its own. */
  | 'serves-graphql'
  /** Known to do none of the above. */
  | 'neutral'
  /** Cannot be seen through: it may do anything, so absence must not be concluded. */
  | 'unknown';

/** One step of the chain, in the order a request passes. */
export interface ChainLink {
  readonly value: Value;
  readonly roles: readonly MiddlewareRole[];
  readonly span: Span;
  /** Where the step was attached, e.g. `app.use('/api')`, `@UseGuards on the class`. */
  readonly via: string;
  /** What it is called where it stands, if its value is not known. */
  readonly name?: string;
  /** Of steps that a router brings: whether the router is the application itself. */
  readonly level?: 'app' | 'router';
  /** Names of the roles or permissions it asks for, where they are written in metadata. */
  readonly asks?: readonly string[];
  /** What it does is known, though not whether it stands in the way: it is unknown in its own roles only. */
  readonly mayNotRun?: boolean;
  /** It turns callers away, though not by a credential that it was seen to look at. */
  readonly turnsAway?: boolean;
  /** Why it has its roles, or why it has none. */
  readonly why: string;
  readonly evidence: readonly Evidence[];
  /** For a guard of the project: the parts of the request its credential comes with. */
  readonly credentials?: readonly string[];
}

/** `graphql` and `rpc` call by name; `event` is what a platform's gateway routes to a function. */
export type Protocol = 'http' | 'event' | 'graphql' | 'rpc';

/** A field of a GraphQL schema, or a remote procedure: its path is a name, and no URL of its own. */
export function isCalledByName({ protocol }: { readonly protocol: Protocol }): boolean {
  return protocol === 'graphql' || protocol === 'rpc';
}

export type Verdict = 'yes' | 'no' | 'unknown';

export interface Endpoint {
  readonly id: string;
  /** Upper case; ALL for any. */
  readonly method: string;
  /** Full path, parameters as `:id`, starting with a slash; the bare name for a field of a GraphQL schema. */
  readonly path: string;
  readonly framework: string;
  readonly protocol: Protocol;
  /** Where the GraphQL schema is built that a field belongs to. */
  readonly schema?: Span;
  /** Paths of its arguments that its schema admits numbers, truth values and the values of an enum for, and no text. */
  readonly plain?: readonly string[];
  /** Folder of the deployable unit (its package), '' for the root. */
  readonly unit: string;
  /** The registration's smallest useful range (method and path, or the decorator). */
  readonly span: Span;
  readonly handler: FuncValue | undefined;
  readonly chain: readonly ChainLink[];
  readonly marks: RouteMarks;
  /** Why it counts as open on purpose; undefined if it does not. */
  readonly isPublic: string | undefined;
  /** What could not be resolved; undefined if everything was. Absence rules stay silent on partial endpoints. */
  readonly partial: string | undefined;
  readonly auth: Verdict;
  readonly authorization: Verdict;
  readonly rateLimit: Verdict;
  readonly validation: Verdict;
  /** Places looked at, in order. */
  readonly proof: readonly (Evidence & { readonly aspect: 'auth' | 'authorization' | 'validation' | 'rateLimit' })[];
}
