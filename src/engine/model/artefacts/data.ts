import type { Located, TextRange } from '../document.ts';
import type { ArtefactBase } from './base.ts';

export interface PrismaFacts extends ArtefactBase {
  readonly kind: 'prisma';
  readonly datasources: readonly (TextRange & {
    readonly name: Located;
    readonly provider?: Located;
    readonly urlEnv?: Located;
    readonly directUrlEnv?: Located;
    /** The URL is written into the schema as a literal; its text is not kept. */
    readonly urlLiteral?: TextRange;
    readonly relationMode?: Located;
    readonly schemas: readonly string[];
  })[];
  readonly generators: readonly (TextRange & {
    readonly name: Located;
    readonly provider?: Located;
    readonly output?: Located;
    readonly binaryTargets: readonly string[];
    readonly previewFeatures: readonly string[];
  })[];
  readonly models: readonly PrismaModel[];
  readonly enums: readonly (TextRange & { readonly name: Located; readonly values: readonly string[] })[];
}

export interface PrismaModel extends TextRange {
  readonly name: Located;
  readonly type: 'model' | 'view' | 'type';
  /** The table's name: `@@map` or the model's own. */
  readonly table: string;
  readonly schema?: string;
  readonly ignored: boolean;
  readonly fields: readonly PrismaField[];
  readonly indexes: readonly PrismaIndex[];
}

export interface PrismaField extends TextRange {
  readonly name: Located;
  readonly type: Located;
  readonly list: boolean;
  readonly optional: boolean;
  /** The column's name: `@map` or the field's own. */
  readonly column: string;
  readonly attributes: readonly PrismaAttribute[];
  readonly id: boolean;
  readonly unique: boolean;
  readonly relation?: {
    readonly name?: string;
    readonly fields: readonly string[];
    readonly references: readonly string[];
    readonly onDelete?: string;
  };
}

export interface PrismaAttribute extends TextRange {
  /** With its group: `id`, `default`, `db.Text`. */
  readonly name: string;
  /** The arguments' text without the parentheses. */
  readonly args?: string;
}

export interface PrismaIndex extends TextRange {
  readonly type: 'id' | 'unique' | 'index' | 'fulltext';
  readonly fields: readonly string[];
}

export interface SqlFacts extends ArtefactBase {
  readonly kind: 'sql';
  readonly statements: readonly SqlStatement[];
}

export type SqlStatementType =
  | 'create-table'
  | 'alter-table'
  | 'drop-table'
  | 'enable-rls'
  | 'disable-rls'
  | 'force-rls'
  | 'create-policy'
  | 'alter-policy'
  | 'drop-policy'
  | 'grant'
  | 'revoke'
  | 'create-index'
  | 'drop-index'
  | 'create-view'
  | 'create-function'
  | 'alter-function'
  | 'drop-function'
  | 'create-schema'
  | 'create-type'
  | 'alter-type'
  | 'insert'
  | 'update'
  | 'delete'
  | 'truncate'
  | 'do'
  | 'other';

export interface SqlStatement extends TextRange {
  readonly type: SqlStatementType;
  /** Lower case unless it is quoted; absent if the statement does not name one. */
  readonly schema?: string;
  /** The table (or view, function, schema, type) that the statement is about; its range covers schema and name. */
  readonly name?: Located;
  readonly policy?: {
    readonly name: Located;
    readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
    readonly roles: readonly string[];
    readonly permissive: boolean;
    /** Text inside the parentheses. */
    readonly using?: Located;
    readonly check?: Located;
  };
  readonly grant?: {
    readonly privileges: readonly string[];
    readonly roles: readonly string[];
    /** Every object of the list; `name` is the first. */
    readonly objects: readonly Located[];
    /** `ALL TABLES IN SCHEMA`. */
    readonly allTables: boolean;
  };
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly references?: string }[];
  /** Of `alter-table`: what it does, in order. */
  readonly actions?: readonly {
    readonly action:
      | 'add-column'
      | 'drop-column'
      | 'rename-column'
      | 'rename-table'
      | 'set-not-null'
      | 'alter-type'
      | 'add-constraint'
      | 'drop-constraint'
      | 'other';
    readonly column?: string;
    readonly to?: string;
    readonly text: string;
  }[];
  readonly index?: {
    readonly unique: boolean;
    readonly concurrently: boolean;
    readonly columns: readonly string[];
    readonly indexName?: string;
  };
  /** Of `create-view` and `create-function`. */
  readonly securityDefiner?: boolean;
  readonly securityInvoker?: boolean;
  readonly searchPathSet?: boolean;
  readonly ifNotExists?: boolean;
  /** Of `do`, `create-function` and `other`: its text speaks of row level security, for tables that it computes. */
  readonly mentionsRls?: true;
}
