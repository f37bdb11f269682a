/**
 * What one source file says, as plain JSON: its functions, classes, imports and exports, with bodies lowered to a small
 * expression and statement language. Nothing here knows a framework; adapters and flow read it at link time.
 *
 * Positions are `[start, end)` UTF-16 offsets in `p`, apart from content, so that "only positions moved" is a comparison
 * that leaves `p` out.
 */
export type Pos = readonly [start: number, end: number];

/** A name that is declared nowhere in the file: `process`, `fetch`, `console` … */
export const GLOBAL = -1;
/** The module's own top level is function 0 of every file. */
export const MODULE = 0;

export type Expr =
  | { readonly k: 'str'; readonly v: string; readonly p: Pos }
  | { readonly k: 'num'; readonly v: number; readonly p: Pos }
  | { readonly k: 'bool'; readonly v: boolean; readonly p: Pos }
  | { readonly k: 'nil'; readonly v: 'null' | 'undefined'; readonly p: Pos }
  | { readonly k: 'regex'; readonly v: string; readonly flags: string; readonly p: Pos }
  /** Template literal: texts and holes alternate; `tag` for tagged templates. */
  | { readonly k: 'tpl'; readonly parts: readonly (string | Expr)[]; readonly tag?: Expr; readonly p: Pos }
  /** A name; `s` is the function that declares it (0 = module level, including imports), or GLOBAL. */
  | { readonly k: 'id'; readonly n: string; readonly s: number; readonly p: Pos }
  | { readonly k: 'this'; readonly p: Pos }
  | { readonly k: 'super'; readonly p: Pos }
  | { readonly k: 'mem'; readonly o: Expr; readonly n: string; readonly opt?: true; readonly p: Pos; readonly np: Pos }
  | { readonly k: 'idx'; readonly o: Expr; readonly i: Expr; readonly opt?: true; readonly p: Pos }
  | {
      readonly k: 'call';
      readonly f: Expr;
      readonly a: readonly Expr[];
      readonly new?: true;
      readonly opt?: true;
      readonly types?: readonly TypeRef[];
      readonly p: Pos;
    }
  | { readonly k: 'fn'; readonly f: number; readonly p: Pos }
  | { readonly k: 'class'; readonly c: number; readonly p: Pos }
  | { readonly k: 'obj'; readonly props: readonly Prop[]; readonly p: Pos }
  | { readonly k: 'arr'; readonly e: readonly Expr[]; readonly p: Pos }
  | { readonly k: 'spread'; readonly e: Expr; readonly p: Pos }
  | { readonly k: 'await'; readonly e: Expr; readonly p: Pos }
  | { readonly k: 'yield'; readonly e?: Expr; readonly p: Pos }
  | { readonly k: 'bin'; readonly op: string; readonly l: Expr; readonly r: Expr; readonly p: Pos }
  | { readonly k: 'log'; readonly op: '&&' | '||' | '??'; readonly l: Expr; readonly r: Expr; readonly p: Pos }
  | { readonly k: 'un'; readonly op: string; readonly e: Expr; readonly p: Pos }
  | { readonly k: 'cond'; readonly t: Expr; readonly a: Expr; readonly b: Expr; readonly p: Pos }
  | { readonly k: 'assign'; readonly op: string; readonly l: Expr | Pattern; readonly r: Expr; readonly p: Pos }
  /** A cast or non-null assertion: it proves nothing at run time. */
  | { readonly k: 'as'; readonly e: Expr; readonly t?: TypeRef; readonly nonNull?: true; readonly p: Pos }
  | { readonly k: 'seq'; readonly e: readonly Expr[]; readonly p: Pos }
  /** `import(x)`. */
  | { readonly k: 'import'; readonly e: Expr; readonly p: Pos }
  /** JSX: only the expressions inside matter; `tag` is the element's name. */
  | { readonly k: 'jsx'; readonly tag: string; readonly e: readonly Expr[]; readonly p: Pos }
  | { readonly k: 'unk'; readonly p: Pos };

export type ExprOf<K extends Expr['k']> = Extract<Expr, { k: K }>;

export type Prop =
  | {
      readonly k: 'prop';
      readonly n: string;
      readonly v: Expr;
      readonly short?: true;
      readonly p: Pos;
      readonly np: Pos;
    }
  | { readonly k: 'computed'; readonly n: Expr; readonly v: Expr; readonly p: Pos }
  | { readonly k: 'spread'; readonly v: Expr; readonly p: Pos };

/** What a declaration or a parameter binds. `pid` binds a name, the others take apart. */
export type Pattern =
  | { readonly k: 'pid'; readonly n: string; readonly s: number; readonly p: Pos }
  | {
      readonly k: 'pobj';
      readonly props: readonly { readonly key: string | Expr; readonly v: Pattern; readonly d?: Expr }[];
      readonly rest?: Pattern;
      readonly p: Pos;
    }
  | {
      readonly k: 'parr';
      readonly items: readonly ({ readonly v: Pattern; readonly d?: Expr } | null)[];
      readonly rest?: Pattern;
      readonly p: Pos;
    }
  /** Assignment to a member: `a.b = …` inside a destructuring. */
  | { readonly k: 'pmem'; readonly e: Expr; readonly p: Pos };

export type Stmt =
  | {
      readonly k: 'let';
      readonly kind: 'const' | 'let' | 'var' | 'using';
      readonly pat: Pattern;
      readonly v?: Expr;
      readonly t?: TypeRef;
      readonly p: Pos;
    }
  | { readonly k: 'expr'; readonly e: Expr; readonly p: Pos }
  | { readonly k: 'ret'; readonly e?: Expr; readonly p: Pos }
  | { readonly k: 'throw'; readonly e: Expr; readonly p: Pos }
  | { readonly k: 'if'; readonly t: Expr; readonly a: readonly Stmt[]; readonly b?: readonly Stmt[]; readonly p: Pos }
  | {
      readonly k: 'loop';
      readonly kind: 'of' | 'in' | 'for' | 'while' | 'do';
      /** The loop variable of `of`/`in`. */
      readonly pat?: Pattern;
      /** What `of`/`in` iterates. */
      readonly of?: Expr;
      readonly await?: true;
      readonly init?: readonly Stmt[];
      readonly t?: Expr;
      readonly step?: Expr;
      readonly body: readonly Stmt[];
      readonly p: Pos;
    }
  | {
      readonly k: 'try';
      readonly body: readonly Stmt[];
      readonly param?: Pattern;
      readonly handler?: readonly Stmt[];
      /** The word `catch`. */
      readonly handlerPos?: Pos;
      /** Somebody wrote a comment into the handler. */
      readonly commented?: true;
      readonly fin?: readonly Stmt[];
      readonly p: Pos;
    }
  | {
      readonly k: 'switch';
      readonly e: Expr;
      readonly cases: readonly { readonly t?: Expr; readonly body: readonly Stmt[] }[];
      readonly p: Pos;
    }
  | { readonly k: 'block'; readonly body: readonly Stmt[]; readonly p: Pos }
  | { readonly k: 'jump'; readonly kind: 'break' | 'continue'; readonly p: Pos }
  /** A hoisted function or class declaration: the name is bound in scope `s`. */
  | { readonly k: 'fndecl'; readonly n: string; readonly s: number; readonly f: number; readonly p: Pos }
  | { readonly k: 'classdecl'; readonly n: string; readonly s: number; readonly c: number; readonly p: Pos };

/** A type as written, reduced to what DTOs, injection and environment types need. */
export interface TypeRef {
  /** Dotted name as written (`express.Request`, `string`), or '' for an inline shape. */
  readonly n: string;
  readonly args?: readonly TypeRef[];
  readonly array?: true;
  readonly union?: readonly TypeRef[];
  readonly lit?: string | number | boolean;
  readonly members?: readonly MemberType[];
  readonly p: Pos;
}

export interface MemberType {
  readonly n: string;
  readonly t?: TypeRef;
  readonly opt?: true;
  readonly p: Pos;
}

export interface Decorator {
  /** The decorator's expression: usually a call. */
  readonly e: Expr;
  readonly p: Pos;
}

export interface Param {
  readonly pat: Pattern;
  readonly t?: TypeRef;
  readonly d?: Expr;
  readonly rest?: true;
  readonly opt?: true;
  /** A constructor's parameter property (`private readonly x: X`) becomes a field of that name. */
  readonly field?: true;
  readonly decorators?: readonly Decorator[];
  readonly p: Pos;
}

export interface FunctionFact {
  readonly id: number;
  /** The function it is written in; -1 for the module itself. */
  readonly parent: number;
  readonly kind: 'module' | 'function' | 'arrow' | 'method' | 'ctor' | 'get' | 'set';
  /** Declared or inferred from the variable, property or class member it is assigned to. */
  readonly name: string;
  /** The class it is a member of. */
  readonly cls?: number;
  readonly params: readonly Param[];
  readonly ret?: TypeRef;
  readonly async?: true;
  readonly generator?: true;
  /** `'use server'`, `'use client'` … at the start of the body. */
  readonly directives?: readonly string[];
  readonly body: readonly Stmt[];
  readonly p: Pos;
  /** Where its name (or, for an anonymous function, its head) stands. */
  readonly np: Pos;
}

export interface ClassMember {
  readonly kind: 'method' | 'field' | 'get' | 'set' | 'ctor';
  readonly n: string;
  readonly f?: number;
  readonly init?: Expr;
  readonly t?: TypeRef;
  readonly static?: true;
  readonly opt?: true;
  readonly access?: 'private' | 'protected' | 'public';
  readonly decorators?: readonly Decorator[];
  readonly p: Pos;
  readonly np: Pos;
}

export interface ClassFact {
  readonly id: number;
  readonly name: string;
  /** The function it is written in. */
  readonly parent: number;
  readonly ext?: Expr;
  readonly impl?: readonly TypeRef[];
  readonly abstract?: true;
  readonly decorators?: readonly Decorator[];
  readonly members: readonly ClassMember[];
  readonly p: Pos;
  readonly np: Pos;
}

/** A local name bound to something of another module. `name` is 'default', '*' or the exported name. */
export interface ImportFact {
  readonly local: string;
  readonly module: string;
  readonly name: string;
  readonly typeOnly?: true;
  readonly p: Pos;
  /** The module specifier, with its quotes. */
  readonly mp: Pos;
}

export type ExportFact =
  /** `export const x`, `export { x as y }`, `module.exports.y = x` with a plain name. */
  | { readonly k: 'local'; readonly name: string; readonly local: string; readonly typeOnly?: true; readonly p: Pos }
  /** `export default <expr>`, `module.exports = <expr>` (name 'default' or '='), `exports.y = <expr>`. */
  | { readonly k: 'value'; readonly name: string; readonly e: Expr; readonly p: Pos }
  /** `export { x as y } from 'm'`; `export * from 'm'` has name '*'. */
  | {
      readonly k: 'from';
      readonly name: string;
      readonly from: string;
      readonly module: string;
      readonly typeOnly?: true;
      readonly p: Pos;
    };

export interface TypeDecl {
  readonly kind: 'interface' | 'alias' | 'enum';
  readonly name: string;
  readonly members?: readonly MemberType[];
  readonly t?: TypeRef;
  readonly ext?: readonly TypeRef[];
  /** Enum members with constant values. */
  readonly values?: readonly { readonly n: string; readonly v?: string | number }[];
  readonly p: Pos;
}

/** A module this file needs at run time, however it asks for it (`import`, `require`, `export … from`, side effect). */
export interface DependencyFact {
  readonly module: string;
  readonly kind: 'import' | 'export' | 'require' | 'dynamic';
  readonly typeOnly?: true;
  /** Offset of the statement or call: load order. */
  readonly p: Pos;
  /** True at the module's top level, outside functions and conditions. */
  readonly eager?: true;
}

/** A string that has the format of a provider's credential, or PEM key text. The text itself is not kept. */
export interface SecretFact {
  /** e.g. 'aws-access-key', 'github-token', 'private-key', 'url-credentials'. */
  readonly format: string;
  /** First four characters and length: all that a message may show. */
  readonly head: string;
  readonly length: number;
  readonly live: boolean;
  readonly p: Pos;
}

export interface CommentFact {
  readonly text: string;
  /** Code stands before it on its line. */
  readonly trailing?: true;
  readonly p: Pos;
}

export interface FileFacts {
  readonly path: string;
  readonly kind: 'source';
  readonly lines: number;
  /** `'use client'`, `'use server'`, `'use strict'`. */
  readonly directives: readonly string[];
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly dependencies: readonly DependencyFact[];
  readonly types: readonly TypeDecl[];
  readonly secrets: readonly SecretFact[];
  /** Only comments that a reader of code acts on: suppressions and `public:` marks. */
  readonly comments: readonly CommentFact[];
  /**
   * The parser had to guess. Inside the bodies of functions only: the rest of the file is as it is written. Elsewhere:
   * absence must not be concluded from this file.
   */
  readonly broken?: 'inside' | 'outside';
  /** Written by a tool (header, `.d.ts`, minified): facts are thin and never reported on. */
  readonly generated?: true;
}
