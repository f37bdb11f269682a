import type { Expr, ExprOf, FunctionFact } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import type { ApiValue, CallSite, Env, Value } from './values.ts';

/**
 * What a library call means, in words that no library owns. Adapters map calls to operations; rules read operations.
 * Parts in `args` are named by meaning (`text`, `options`, `url`), `is` holds what the adapter already knows.
 */
export type OperationKind =
  // data
  | 'sql' // args: text, values; is: orm, action, tx, fragment (a part of a query: nothing runs)
  // `tx`: on a transaction's own client; `lazy`: runs only when awaited; `batched`: one tick's calls are one query
  | 'db' // args: where, data, options; is: orm, model, action (read-one, read-many, create, update, delete, upsert, count), limited, tx, lazy, batched, byKey (its filter must hold a unique field)
  | 'db-client' // args: options; is: orm, name, reused (a second call gives the first one's connection)
  | 'sdk-client' // args: options; is: name
  | 'transaction' // args: callback, text (of a statement that opens one); is: orm, pooled
  | 'schema-sync' // args: flag (the setting that turns it on), options; is: orm, what
  // outbound
  | 'http-request' // args: url, options; is: client, bounded
  | 'http-client' // args: options; is: client
  | 'llm-client' // args: options; is: provider
  | 'mcp-serve' // a request is handed to tools of a language model; args: options
  | 'llm-call' // args: options; is: provider
  | 'llm-tool' // a function that a model may call; args: definition, run; is: provider, approval (the option that asks a person first)
  | 'payment' // money moves; args: data, options; is: provider, what, key (the option that makes a second try harmless)
  | 'price-set' // an amount is asked for or paid out; args: data; is: provider, what
  | 'message-publish' // args: topic, payload; is: broker
  | 'message-consume' // args: topic, options, callback; is: broker, acks (how a message is acknowledged: auto, manual, on-return)
  | 'message-ack' // args: message; is: broker, what (ack, nack)
  // identity and crypto
  | 'jwt-decode' // args: token
  | 'jwt-verify' // args: token, key, options
  | 'jwt-sign' // args: payload, key, options
  | 'jwt-key' // a module is set up with a key; args: key, options
  | 'secret-use' // a library is given a secret; args: secret; is: what
  | 'hash' // args: algorithm, input
  | 'hmac' // args: algorithm, key
  | 'password-hash' // args: input, cost; is: algorithm
  | 'password-compare' // args: input, hash
  | 'cipher' // args: algorithm, key, iv; is: algorithm, decrypts, password (the call that makes the key from one)
  | 'sign' // an asymmetric signature; args: algorithm; is: verifies
  | 'key-make' // is: type, bits, minimum
  | 'random' // is: strength (weak, strong), generator
  | 'constant-time-compare'
  | 'signature-verify' // args: payload, signature, secret; is: provider
  | 'identity-read' // reads a verified session or token; args: request; is: throws (nobody gets past it who is not signed in)
  // http behaviour
  | 'cookie-set' // args: name, value, options
  | 'session-setup' // args: options; is: store
  | 'cors-setup' // args: options
  | 'validation-pipe' // checks declared types before handlers; args: options
  | 'body-parser' // args: limit (number of bytes, or a text such as '10mb'); is: form (takes what a form of any page can send), whole (holds for every route)
  | 'upload-setup' // args: options; is: library, limit (path to the largest file among the options), default, position, files (the option that says how many)
  | 'proxy-trust' // whose word the service takes for the caller's address; args: value
  | 'limiter-setup' // args: options; is: library, waits (holds only for routes added after its registration is awaited), guard (what has to be bound)
  | 'header-set' // args: name, value
  | 'listen' // args: port, host, options
  | 'graphql-server' // args: options; is: server
  | 'graphql-socket' // subscriptions over a socket of their own; args: options; is: library
  | 'validate' // args: schema, input; is: library
  // host
  | 'exec' // args: command, args, options; is: shell
  | 'code-eval' // args: code
  | 'file-read' // args: path
  | 'file-write' // args: path
  | 'blocking' // is: what, instead (the asynchronous member of the same module), promise (where that is found)
  | 'env-read' // is: name
  // operations
  | 'log' // is: level, structured
  | 'telemetry-start' // is: vendor
  | 'metrics'
  | 'health-check'
  | 'error-report'
  | 'shutdown-hook' // args: callback; is: signal
  | 'process-exit'
  | 'timer'
  | 'vector-search' // args: options; is: store, filter (the option that narrows it), narrowed (by that, or by a name of its own)
  | 'vector-write' // args: records; is: store
  | 'orm-pool';

export interface Arg {
  readonly expr: Expr;
  readonly span: Span;
  readonly value: Value;
  readonly env: Env;
}

export interface OperationDraft {
  readonly kind: OperationKind;
  readonly args?: Readonly<Record<string, Expr | undefined>>;
  readonly is?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** A method called on a call's result, in the same expression. */
export interface ChainedCall {
  readonly name: string;
  readonly call: ExprOf<'call'>;
}

/** What an adapter sees of a call whose API path it claimed. */
export interface OperationCall {
  readonly callee: ApiValue;
  readonly site: CallSite;
  /** Methods called on its result, in order. */
  readonly chain: readonly ChainedCall[];
  /** How the result of the whole fluent expression is used. */
  readonly end: Operation['end'];
  /** The argument's expression, undefined if it is absent. */
  arg(position: number): Expr | undefined;
  /** What the argument is known to be; undefined if it is absent. */
  value(position: number): Value | undefined;
}

export type OperationReader = (call: OperationCall) => OperationDraft | readonly OperationDraft[] | undefined;

export interface Operation {
  readonly kind: OperationKind;
  readonly adapter: string;
  /** API path of the callee. */
  readonly callee: string;
  readonly file: string;
  /** The function whose body it stands in (0: module level). */
  readonly fn: FunctionFact;
  /** The callee's last name: the smallest useful range. */
  readonly span: Span;
  /** The whole call. */
  readonly callSpan: Span;
  readonly site: CallSite;
  readonly args: Readonly<Record<string, Arg>>;
  readonly is: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Awaited, returned, or handled by `.then`/`.catch`; `dropped` where it stands as a mere statement, `voided` after `void`. */
  readonly use: 'awaited' | 'returned' | 'chained' | 'assigned' | 'argument' | 'dropped' | 'voided';
  /** Methods called on its result, in order: `.where().limit()`. */
  readonly chain: readonly ChainedCall[];
  /** How the result of the whole fluent expression is used. */
  readonly end: Operation['use'];
}
