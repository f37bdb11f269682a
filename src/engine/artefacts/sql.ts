import type { SqlStatement, SqlStatementType } from '../model/artefacts/data.ts';
import { type ArtefactReader, hasExtension } from './reader.ts';
import { readAlterTable, readColumns, readGrant, readIndex, readPolicy } from './sql-clauses.ts';
import { record } from './tree/record.ts';
import { IDENTIFIER, identifierAt, QUALIFIED, type QualifiedName, type SqlText, splitSql } from './tree/sql.ts';

const NAME = `(?:if\\s+(?:not\\s+)?exists\\s+)?(?:only\\s+)?(?<name>${QUALIFIED})`;
const VERB = (pattern: string): RegExp => new RegExp(`^${pattern}\\s+${NAME}`, 'i');

/** The first pattern that fits decides; anything else is `other`. */
const STATEMENTS: readonly (readonly [SqlStatementType, RegExp])[] = [
  ['create-table', VERB('create\\s+(?:(?:global\\s+|local\\s+)?(?:temp|temporary|unlogged|foreign)\\s+)?table')],
  ['create-policy', new RegExp(`^create\\s+policy\\s+(?:${IDENTIFIER})\\s+on\\s+(?<name>${QUALIFIED})`, 'i')],
  ['alter-policy', new RegExp(`^alter\\s+policy\\s+(?:${IDENTIFIER})\\s+on\\s+(?<name>${QUALIFIED})`, 'i')],
  [
    'drop-policy',
    new RegExp(`^drop\\s+policy\\s+(?:if\\s+exists\\s+)?(?:${IDENTIFIER})\\s+on\\s+(?<name>${QUALIFIED})`, 'i'),
  ],
  [
    'create-index',
    new RegExp(`^create\\s+(?:unique\\s+|fulltext\\s+)?index\\b[^(]*?\\bon\\s+(?:only\\s+)?(?<name>${QUALIFIED})`, 'i'),
  ],
  ['alter-table', VERB('alter\\s+table')],
  ['drop-table', VERB('drop\\s+table')],
  ['drop-index', VERB('drop\\s+index(?:\\s+concurrently)?')],
  [
    'create-view',
    VERB('create\\s+(?:or\\s+replace\\s+)?(?:temp\\s+|temporary\\s+|recursive\\s+|materialized\\s+)*view'),
  ],
  ['create-function', VERB('create\\s+(?:or\\s+replace\\s+)?(?:function|procedure)')],
  ['alter-function', VERB('alter\\s+(?:function|procedure|routine)')],
  ['drop-function', VERB('drop\\s+(?:function|procedure|routine)')],
  ['create-schema', VERB('create\\s+schema')],
  ['create-type', VERB('create\\s+(?:type|domain)')],
  ['alter-type', VERB('alter\\s+(?:type|domain)')],
  ['insert', VERB('insert\\s+into')],
  ['update', VERB('update')],
  ['delete', VERB('delete\\s+from')],
  ['truncate', VERB('truncate(?:\\s+table)?')],
  ['grant', /^grant\b/i],
  ['revoke', /^revoke\b/i],
  ['do', /^do\b/i],
];

/** Tolerant of dialects: statements are split exactly, clauses are read by pattern, and the rest is `other`. */
export const sql: ArtefactReader<'sql'> = {
  kind: 'sql',

  matches: path => hasExtension(path, 'sql'),

  read: (_path, text) => ({ kind: 'sql', problems: [], statements: splitSql(text).map(readStatement) }),
};

function readStatement(statement: SqlText): SqlStatement {
  for (const [type, pattern] of STATEMENTS) {
    const match = pattern.exec(statement.bare);
    if (match) return readAs(type, statement, nameOf(statement, match));
  }
  return record<SqlStatement>({
    type: 'other',
    start: statement.start,
    end: statement.end,
    mentionsRls: mentionsRls('other', statement),
  });
}

function nameOf(statement: SqlText, match: RegExpExecArray): QualifiedName | undefined {
  const written = match.groups?.['name'];
  return written === undefined ? undefined : identifierAt(statement, match[0].length - written.length, written.length);
}

function readAs(type: SqlStatementType, statement: SqlText, name: QualifiedName | undefined): SqlStatement {
  const { bare, start, end } = statement;
  const after = name ? name.located.end - start : 0;
  const grant = type === 'grant' || type === 'revoke' ? readGrant(statement) : undefined;
  return record<SqlStatement>({
    type: type === 'alter-table' ? rlsType(bare) : type,
    start,
    end,
    schema: name?.schema ?? grant?.schema,
    name: name?.located ?? grant?.grant.objects[0],
    policy: type === 'create-policy' || type === 'alter-policy' ? readPolicy(statement, after) : undefined,
    grant: grant?.grant,
    columns: type === 'create-table' ? readColumns(statement, after) : undefined,
    actions: type === 'alter-table' && rlsType(bare) === 'alter-table' ? readAlterTable(statement, after) : undefined,
    index: type === 'create-index' ? readIndex(statement, after) : undefined,
    securityDefiner: type === 'create-function' ? /\bsecurity\s+definer\b/i.test(bare) : undefined,
    securityInvoker:
      type === 'create-view'
        ? /\bsecurity_invoker\s*(?:=\s*(?:'?(?:true|on|1)\b)|\))/i.test(statement.plain)
        : undefined,
    searchPathSet: setsSearchPath(type, statement),
    mentionsRls: mentionsRls(type, statement),
    ifNotExists: /\bif\s+not\s+exists\b/i.test(bare.slice(0, after)) || undefined,
  });
}

/** Code of a `do` block may set it for functions whose names it computes. */
function setsSearchPath(type: SqlStatementType, { bare, plain }: SqlText): boolean | undefined {
  if (type === 'do') return /\bset\s+search_path\b/i.test(plain) || undefined;
  return /^(?:create-(?:function|view)|alter-function)$/.test(type) ? /\bset\s+search_path\b/i.test(bare) : undefined;
}

/** Code in strings and dollar quotes may switch it on for tables whose names it computes. */
function mentionsRls(type: SqlStatementType, { plain }: SqlText): true | undefined {
  return /^(?:do|create-function|other)$/.test(type) && /row\s+level\s+security/i.test(plain) ? true : undefined;
}

function rlsType(bare: string): SqlStatementType {
  if (/\benable\s+row\s+level\s+security\b/i.test(bare)) return 'enable-rls';
  if (/\bdisable\s+row\s+level\s+security\b/i.test(bare)) return 'disable-rls';
  return /(?<!no\s)\bforce\s+row\s+level\s+security\b/i.test(bare) ? 'force-rls' : 'alter-table';
}
