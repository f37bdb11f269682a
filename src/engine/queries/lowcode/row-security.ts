import type { Project } from '../../link/project.ts';
import type { SqlFacts, SqlStatement } from '../../model/artefacts/data.ts';
import { get, textSettings } from '../../model/document.ts';
import type { Span } from '../../model/span.ts';

/** A table of a database that clients may reach directly, as all migrations leave it. */
export interface ExposedTable {
  readonly schema: string;
  readonly name: string;
  readonly created: Span;
  readonly isSecured: boolean;
  readonly policies: readonly Policy[];
}

export interface Policy {
  readonly span: Span;
  readonly facts: NonNullable<SqlStatement['policy']>;
}

/** A function that runs with the rights of whoever made it. */
export interface OwnerFunction {
  readonly schema: string;
  readonly name: string;
  readonly created: Span;
}

export interface RowSecurity {
  /** Folder of the migrations. */
  readonly folder: string;
  /** Paths of the migrations in the order they are applied. */
  readonly files: readonly string[];
  readonly tables: readonly ExposedTable[];
  /** Functions with the rights of their owner in which the caller's search path decides what a name means. */
  readonly loose: readonly OwnerFunction[];
}

interface Table {
  schema: string;
  name: string;
  created: Span;
  isSecured: boolean;
  isRevoked: boolean;
  policies: Map<string, Policy>;
}

const CLIENTS = ['anon', 'authenticated'];

/** Replays the migrations of each Supabase project: what its clients can reach, and which rows are protected. */
export function rowSecurity(project: Project): readonly RowSecurity[] {
  const folders = new Map<string, { path: string; facts: SqlFacts }[]>();
  for (const { path, facts } of project.artefactsOf('sql')) {
    const folder = /^(.*(?:^|\/)supabase\/)migrations\/[^/]+\.sql$/.exec(path)?.[1];
    if (folder === undefined) continue;
    const list = folders.get(folder) ?? [];
    list.push({ path, facts });
    folders.set(folder, list);
  }
  return [...folders].flatMap(([folder, files]) => {
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    const tables = replay(files);
    if (!tables) return [];
    const exposed = exposedSchemas(project, folder);
    return [
      {
        folder: `${folder}migrations/`,
        files: files.map(one => one.path),
        tables: tables
          .filter(one => exposed.has(one.schema) && !one.isRevoked)
          .map(one => ({ ...one, policies: [...one.policies.values()] })),
        loose: looseFunctions(files).filter(one => exposed.has(one.schema)),
      },
    ];
  });
}

/** Functions as all migrations leave them; none is certain once code sets their options by names that it computes. */
function looseFunctions(files: readonly { path: string; facts: SqlFacts }[]): OwnerFunction[] {
  const loose = new Map<string, OwnerFunction>();
  for (const { path, facts } of files)
    for (const { type, name, schema = 'public', securityDefiner, searchPathSet } of facts.statements) {
      if (type === 'do' && searchPathSet) return [];
      if (!name || !/-function$/.test(type)) continue;
      const key = keyOf(schema, name.value);
      if (type === 'create-function' && securityDefiner && !searchPathSet)
        loose.set(key, {
          schema,
          name: plainName(name.value),
          created: { file: path, start: name.start, end: name.end },
        });
      else if (type !== 'alter-function' || searchPathSet) loose.delete(key);
    }
  return [...loose.values()];
}

/** Undefined if some statement switches security for tables that are not named. */
function replay(files: readonly { path: string; facts: SqlFacts }[]): Table[] | undefined {
  const tables = new Map<string, Table>();
  let revokedByDefault = false;
  for (const { path, facts } of files) {
    for (const statement of facts.statements) {
      if (statement.mentionsRls) return undefined;
      const { type, name, schema = 'public', grant } = statement;
      if (type === 'grant' && grant) grantAgain(tables, schema, grant);
      if (type === 'revoke' && grant && CLIENTS.every(role => grant.roles.includes(role))) {
        for (const object of grant.objects) {
          const table = tables.get(keyOf(schema, object.value));
          if (table) table.isRevoked = true;
        }
        if (grant.allTables) {
          revokedByDefault ||= grant.objects.length === 0;
          for (const table of tables.values()) if (table.schema === schema) table.isRevoked = true;
        }
      }
      if (!name) continue;
      const key = keyOf(schema, name.value);
      const table = tables.get(key);
      if (type === 'create-table') {
        // A partition is reached through its parent; it lists no columns of its own.
        if (table || !statement.columns?.length) continue;
        const created = { file: path, start: name.start, end: name.end };
        tables.set(key, {
          schema,
          name: plainName(name.value),
          created,
          isSecured: false,
          isRevoked: revokedByDefault,
          policies: new Map(),
        });
      } else if (type === 'drop-table') tables.delete(key);
      else if (!table) continue;
      else if (type === 'enable-rls') table.isSecured = true;
      else if (type === 'disable-rls') table.isSecured = false;
      else if (type === 'create-policy' && statement.policy)
        table.policies.set(statement.policy.name.value, {
          span: { file: path, start: statement.start, end: statement.end },
          facts: statement.policy,
        });
      else if (type === 'drop-policy') dropPolicy(table, statement);
      else if (type === 'alter-policy' && statement.policy) table.policies.delete(statement.policy.name.value);
      else if (type === 'alter-table') rename(tables, key, table, statement);
    }
  }
  return [...tables.values()];
}

/** What was taken from clients before may be given to them again; the use of a schema or a function opens no table. */
function grantAgain(tables: Map<string, Table>, schema: string, grant: NonNullable<SqlStatement['grant']>): void {
  if (!grant.roles.some(role => CLIENTS.includes(role)) || !grant.privileges.some(one => OF_ROWS.test(one))) return;
  for (const object of grant.objects) {
    const table = tables.get(keyOf(schema, object.value));
    if (table) table.isRevoked = false;
  }
  if (grant.allTables) for (const table of tables.values()) if (table.schema === schema) table.isRevoked = false;
}

const OF_ROWS = /^(?:all(?: privileges)?|select|insert|update|delete)\b/;

/** The name of a dropped policy is not kept by every dialect; without it none is certain any more. */
function dropPolicy(table: Table, { policy }: SqlStatement): void {
  if (policy) table.policies.delete(policy.name.value);
  else table.policies.clear();
}

function rename(tables: Map<string, Table>, key: string, table: Table, { actions }: SqlStatement): void {
  for (const { action, to, text } of actions ?? []) {
    if (action === 'rename-table' && to) {
      tables.delete(key);
      tables.set(keyOf(table.schema, to), { ...table, name: plainName(to) });
    } else if (action === 'other' && /\bset\s+schema\b/i.test(text)) tables.delete(key);
  }
}

function keyOf(schema: string, name: string): string {
  return `${schema}.${plainName(name)}`;
}

function plainName(name: string): string {
  const last = /(?:"((?:[^"]|"")*)"|([^."]+))$/.exec(name.trim());
  return last?.[1]?.replace(/""/g, '"') ?? (last?.[2] ?? name).toLowerCase();
}

/** `api.schemas` of the project's settings; `public` is the default. */
function exposedSchemas(project: Project, folder: string): ReadonlySet<string> {
  const settings = project.artefactsOf('config').find(({ path }) => path === `${folder}config.toml`)?.facts;
  const schemas = get(settings?.root, 'api', 'schemas');
  return new Set(schemas ? textSettings(schemas).map(one => one.value ?? '') : ['public']);
}
