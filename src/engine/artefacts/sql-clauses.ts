import type { SqlStatement } from '../model/artefacts/data.ts';
import type { Located } from '../model/document.ts';
import { collect, record } from './tree/record.ts';
import { IDENTIFIER, identifierAt, parenthesesAt, QUALIFIED, type SqlText, splitCommas, unquote } from './tree/sql.ts';

type Policy = NonNullable<SqlStatement['policy']>;
type Column = NonNullable<SqlStatement['columns']>[number];
type Action = NonNullable<SqlStatement['actions']>[number];
type Index = NonNullable<SqlStatement['index']>;
type Grant = NonNullable<SqlStatement['grant']>;

const CONSTRAINT = /^(?:constraint|primary|foreign|unique|check|exclude|like|index|key|fulltext|period)\b/i;

const ACTIONS: readonly (readonly [Action['action'], RegExp])[] = [
  ['add-constraint', /^add\s+(?:constraint|primary|foreign|unique|check|exclude)\b/i],
  ['add-column', new RegExp(`^add\\s+(?:column\\s+)?(?:if\\s+not\\s+exists\\s+)?(?<column>${IDENTIFIER})`, 'i')],
  ['drop-constraint', /^drop\s+(?:constraint|primary\s+key|foreign\s+key|index)\b/i],
  ['drop-column', new RegExp(`^drop\\s+(?:column\\s+)?(?:if\\s+exists\\s+)?(?<column>${IDENTIFIER})`, 'i')],
  ['rename-table', new RegExp(`^rename\\s+to\\s+(?<to>${IDENTIFIER})`, 'i')],
  [
    'rename-column',
    new RegExp(`^rename\\s+(?:column\\s+)?(?<column>${IDENTIFIER})\\s+to\\s+(?<to>${IDENTIFIER})`, 'i'),
  ],
  ['set-not-null', new RegExp(`^alter\\s+(?:column\\s+)?(?<column>${IDENTIFIER})\\s+set\\s+not\\s+null`, 'i')],
  ['alter-type', new RegExp(`^alter\\s+(?:column\\s+)?(?<column>${IDENTIFIER})\\s+(?:set\\s+data\\s+)?type\\b`, 'i')],
];

export function readPolicy(statement: SqlText, after: number): Policy {
  const { bare, plain, start } = statement;
  const named = new RegExp(`^(?:create|alter)\\s+policy\\s+(${IDENTIFIER})`, 'i').exec(bare);
  const written = named?.[1] ?? '';
  const nameStart = start + (named?.[0].length ?? 0) - written.length;
  const using = /\busing\s*(?=\()/i.exec(bare.slice(after));
  const check = /\bwith\s+check\s*(?=\()/i.exec(bare.slice(after));
  const head = bare.slice(after, after + Math.min(using?.index ?? bare.length, check?.index ?? bare.length));
  const roles = /\bto\s+(.+)$/is.exec(head)?.[1] ?? '';
  const inside = (clause: RegExpExecArray | null): Located | undefined => {
    const range = clause && parenthesesAt(bare, after + clause.index + clause[0].length);
    return range ? trimmed(plain, range.start, range.end, start) : undefined;
  };
  return record<Policy>({
    name: { value: unquote(written), start: nameStart, end: nameStart + written.length },
    command: (/\bfor\s+(select|insert|update|delete|all)\b/i.exec(head)?.[1]?.toLowerCase() ??
      'all') as Policy['command'],
    roles: [...roles.matchAll(new RegExp(IDENTIFIER, 'g'))].map(match => unquote(match[0])),
    permissive: !/\bas\s+restrictive\b/i.test(head),
    using: inside(using),
    check: inside(check),
  });
}

export function readColumns(statement: SqlText, after: number): Column[] | undefined {
  const { bare, plain } = statement;
  const range = parenthesesAt(bare, after);
  if (!range) return undefined;
  return collect(splitCommas(bare, range.start, range.end), part => {
    const text = plain.slice(part.start, part.end).trim();
    if (CONSTRAINT.test(text)) return undefined;
    const [whole, name] = new RegExp(`^(${IDENTIFIER})\\s*`).exec(text) ?? [];
    if (!whole || !name) return undefined;
    const rest = text.slice(whole.length);
    const [type = ''] =
      /^(?:(?!\b(?:not|null|default|primary|references|unique|check|constraint|generated|collate|auto_increment)\b)[^'])*/i.exec(
        rest,
      ) ?? [];
    const references = new RegExp(`\\breferences\\s+(${QUALIFIED})`, 'i').exec(rest)?.[1];
    return record<Column>({
      name: unquote(name),
      type: type.trim().replace(/\s+/g, ' ').toLowerCase(),
      references: references
        ?.split('.')
        .map(step => unquote(step.trim()))
        .join('.'),
    });
  });
}

export function readAlterTable(statement: SqlText, after: number): Action[] {
  const { bare, plain } = statement;
  return splitCommas(bare, after, bare.length).map(part => {
    const text = plain.slice(part.start, part.end).trim();
    for (const [action, pattern] of ACTIONS) {
      const match = pattern.exec(text);
      if (!match) continue;
      const { column, to } = match.groups ?? {};
      return record<Action>({ action, column: column && unquote(column), to: to && unquote(to), text });
    }
    return { action: 'other', text };
  });
}

export function readIndex(statement: SqlText, after: number): Index {
  const { bare, plain } = statement;
  const [, indexName] =
    new RegExp(`\\bindex\\s+(?:concurrently\\s+)?(?:if\\s+not\\s+exists\\s+)?(?!on\\b)(${IDENTIFIER})`, 'i').exec(
      bare,
    ) ?? [];
  const range = parenthesesAt(bare, after, /^\s*(?:using\s+\w+\s*)?$/i);
  const parts = range ? splitCommas(bare, range.start, range.end) : [];
  return record<Index>({
    unique: /^create\s+unique\b/i.test(bare),
    concurrently: /\bindex\s+concurrently\b/i.test(bare),
    columns: collect(parts, part => {
      const name = new RegExp(`^\\s*(${IDENTIFIER})\\s*(?![\\s(\\w])|^\\s*(${IDENTIFIER})\\s+(?!\\()`).exec(
        `${plain.slice(part.start, part.end)} `,
      );
      const found = name?.[1] ?? name?.[2];
      return found === undefined ? undefined : unquote(found);
    }),
    indexName: indexName && unquote(indexName),
  });
}

export function readGrant(statement: SqlText): { grant: Grant; schema?: string } | undefined {
  const { bare } = statement;
  const match =
    /^(?:grant|revoke)\s+(?:grant\s+option\s+for\s+)?(.+?)\s+on\s+(.+?)\s+(?:to|from)\s+(.+?)(?:\s+(?:with\s+grant\s+option|granted\s+by\b.*|cascade|restrict))*$/is.exec(
      bare,
    );
  if (!match) return undefined;
  const [, privileges = '', target = '', roles = ''] = match;
  const at = bare.indexOf(target, match[0].search(/\son\s/i) + 3);
  const allTables = new RegExp(`^all\\s+tables\\s+in\\s+schema\\s+(${IDENTIFIER})`, 'i').exec(target);
  const keyword = /^(?:table|schema|sequence|function|all\s+\w+\s+in\s+schema)\s+/i.exec(target)?.[0].length ?? 0;
  const objects = splitCommas(bare, at + keyword, at + target.length).map(part => {
    const text = bare.slice(part.start, part.end);
    const lead = text.length - text.trimStart().length;
    return identifierAt(statement, part.start + lead, text.trim().length);
  });
  const schema = allTables?.[1] ? unquote(allTables[1]) : objects[0]?.schema;
  const grant = {
    privileges: privileges.split(',').map(item => item.replace(/\s+/g, ' ').trim().toLowerCase()),
    roles: [...roles.matchAll(new RegExp(IDENTIFIER, 'g'))].map(item => unquote(item[0])),
    objects: objects.map(object => object.located),
    allTables: allTables !== null,
  };
  return schema === undefined ? { grant } : { grant, schema };
}

function trimmed(plain: string, from: number, to: number, shift: number): Located {
  const text = plain.slice(from, to);
  const start = shift + from + text.length - text.trimStart().length;
  return { value: text.trim(), start, end: start + text.trim().length };
}
