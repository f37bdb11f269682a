import type { MiddlewareRole } from '../link/endpoint.ts';
import type { OperationReader } from '../link/operations.ts';
import type { Program } from '../link/program.ts';
import type { RouterObject } from '../link/router.ts';
import type { ApiValue, CallSite, Env, FileUnit, Value } from '../link/values.ts';
import type { Param } from '../model/facts.ts';

/**
 * What Underpin knows of one framework or library. An adapter names values of its packages by API path (see ApiValue)
 * and says what calling them gives, does or means. It never reports, and it never looks at syntax.
 */
export interface Adapter {
  readonly id: string;
  readonly title: string;
  readonly docs: string;
  /** Packages it speaks for, as in package.json. */
  readonly packages: readonly string[];
  /** By the callee's API path: what a call gives. Undefined falls back to "a result of that call". */
  readonly calls?: Readonly<Record<string, (program: Program, callee: ApiValue, site: CallSite) => Value | undefined>>;
  /** Another name for a path: subclasses, re-exports and results, e.g. `pg.Pool#connect()` → `pg.PoolClient`. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** A method called on a router of this framework: registers entries, returns what the call gives. */
  readonly router?: (program: Program, router: RouterObject, method: string, site: CallSite) => Value | undefined;
  /** Its packages build routers by calls alone: modules that use them are carried out from the start. */
  readonly boots?: true;
  /** API types whose instances are routers, for parameters that only have a declared type. */
  readonly routerTypes?: readonly string[];
  readonly order?: RouterObject['order'];
  /** Steps of a mounted router also run for requests that no route of it answers. */
  readonly fallsThrough?: true;
  /** Paths of routes match whatever their case, unless a setting says otherwise. */
  readonly ignoresCase?: true;
  /** JSON bodies are parsed without a step that does it. */
  readonly parsesJson?: true;
  /** What the framework's injection puts into a constructor parameter. */
  readonly inject?: (program: Program, env: Env, param: Param) => Value | undefined;
  /** First major version that passes a handler's rejected promise on; earlier ones leave the request hanging. */
  readonly forwardsRejectionsFrom?: number;
  /** Packages that make earlier versions do so. */
  readonly forwardedBy?: readonly string[];
  /** API types of a handler's parameters, in order; `error` handlers have one more in front. */
  readonly handlerParams?: readonly string[];
  /** Parts of a request by API path of the property, e.g. `express.Request#body` → body. */
  readonly request?: Readonly<Record<string, RequestPart>>;
  /** Ways to answer by API path of the method. */
  readonly responses?: Readonly<Record<string, ResponseKind>>;
  /** Functions that answer by an error of the framework's own: nothing after a call of them runs. */
  readonly throws?: readonly string[];
  /** What a piece of ready-made middleware does, by the API path of its factory's call. */
  readonly middleware?: Readonly<
    Record<string, readonly MiddlewareRole[] | ((made: ApiValue) => readonly MiddlewareRole[])>
  >;
  /** Calls with a meaning rules care about. */
  readonly operations?: Readonly<Record<string, OperationReader>>;
  /** Decorators that make a method take messages, by API path; on a class, `method` names the method. */
  readonly consumers?: Readonly<Record<string, MessageConsumer>>;
  /** Commands that change a database's schema without a reviewed migration. */
  readonly schemaCommands?: readonly SchemaCommand[];
  /** By the callee's API path: API types of the parameters it calls a function argument with. */
  readonly callbacks?: Readonly<Record<string, readonly (string | undefined)[]>>;
  /** What a name means in a file that neither declares nor imports it, where a framework provides such names. */
  readonly ambient?: (program: Program, unit: FileUnit, name: string) => Value | undefined;
  /** The package behind a name of a generated module that is not in the workspace, e.g. a client built at install. */
  readonly generated?: (specifier: string, name: string) => string | undefined;
  /** Routers that come from classes, decorators or file names rather than from calls; runs after all modules ran. */
  readonly discover?: (program: Program) => void;
}

export interface MessageConsumer {
  readonly broker: string;
  /** `auto`: errors of the method never reach the broker. */
  readonly acks: 'auto' | 'on-return';
  readonly method?: string;
}

export interface SchemaCommand {
  readonly command: RegExp;
  /** What is wrong with it, to be read after the command's name. */
  readonly harm: string;
  /** What the matched text becomes. */
  readonly instead?: string;
}

export type RequestPart =
  | 'body'
  /** Arguments of a GraphQL field: a schema says their types. */
  | 'arguments'
  | 'query'
  | 'params'
  | 'headers'
  | 'cookies'
  | 'files'
  | 'url'
  | 'ip'
  | 'session'
  | 'user'
  | 'raw';

/** `status` sets the code of the answer, `send` ends it with data, `redirect` sends elsewhere, `render` an HTML view. */
export type ResponseKind =
  | 'status'
  | 'send'
  | 'json'
  | 'html'
  | 'redirect'
  | 'render'
  | 'header'
  | 'cookie'
  | 'end'
  | 'file';

export function defineAdapter(adapter: Adapter): Adapter {
  return adapter;
}
