import { type ExposedTable, type Policy, type RowSecurity, rowSecurity } from '../../queries/lowcode/row-security.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const OPEN = /^\s*\(*\s*(?:true|1\s*=\s*1)\s*\)*\s*$/i;
const USER_METADATA = /\buser_metadata\b|\braw_user_meta_data\b/i;

export const rlsOpen = defineRule({
  meta: {
    id: 'lowcode/rls-open',
    theme: 'low-code',
    benefits: ['security', 'data-management'],
    severity: 'error',
    confidence: 'high',
    cwe: [284, 732],
    owasp: ['A01:2025', 'API5:2023'],
    fix: 'suggest',
    messages: {
      off: 'Anyone with the public key reads and writes {table}: its row level security is off.',
      idle: 'The policies of {table} have no effect: its row level security is off.',
      open: 'Policy {policy} lets {who} {command} every row of {table}.',
      path: '{function} runs with the rights of its owner, and the search path of its caller decides which tables it means.',
      paths:
        '{count} functions, {function} among them, run with the rights of their owners, and the search path of the caller decides which tables they mean.',
      metadata: 'Policy {policy} trusts user_metadata, which users can change themselves.',
    },
  },

  check({ project }, report) {
    for (const database of rowSecurity(project)) {
      const [first, ...others] = database.loose;
      if (first)
        report(first.created, others.length ? 'paths' : 'path', {
          severity: 'warning',
          confidence: 'medium',
          data: { function: `${first.schema}.${first.name}`, count: database.loose.length },
          evidence: others.map(({ schema, name, created }) => ({
            span: created,
            message: `${schema}.${name} does, too`,
          })),
          anchor: 'search path',
        });
      for (const table of database.tables) {
        const name = `${table.schema}.${table.name}`;
        if (!table.isSecured) {
          const first = table.policies[0];
          report(table.created, first ? 'idle' : 'off', {
            data: { table: name },
            anchor: name,
            evidence: first ? [{ span: first.span, message: 'a policy that is not applied' }] : [],
            fixes: [enable(database, table)],
          });
          continue;
        }
        for (const policy of table.policies) {
          const { facts, span } = policy;
          const data = {
            policy: facts.name.value,
            table: name,
            command: facts.command === 'all' ? 'change' : facts.command,
            who: whom(policy),
          };
          if (USER_METADATA.test(`${facts.using?.value ?? ''} ${facts.check?.value ?? ''}`))
            report({ ...span, start: facts.name.start, end: facts.name.end }, 'metadata', {
              data,
              anchor: `${name} ${facts.name.value}`,
            });
          else if (letsEverybodyWrite(policy))
            report({ ...span, start: facts.name.start, end: facts.name.end }, 'open', {
              data,
              severity: 'warning',
              anchor: `${name} ${facts.name.value}`,
            });
        }
      }
    }
  },
});

/** Reading a reference table may well be free; writing one is not. */
function letsEverybodyWrite({ facts }: Policy): boolean {
  const { command, using, check, permissive, roles } = facts;
  if (!permissive || command === 'select' || roles.every(role => role === 'service_role') === roles.length > 0)
    return false;
  const isOpen = (text: string | undefined): boolean => text !== undefined && OPEN.test(text);
  return command === 'insert'
    ? isOpen(check?.value)
    : isOpen(using?.value) && (check === undefined || isOpen(check.value));
}

function whom({ facts: { roles } }: Policy): string {
  return roles.length === 0 || roles.includes('public') || roles.includes('anon') ? 'anyone' : roles.join(' and ');
}

function enable({ folder, files }: RowSecurity, { schema, name }: ExposedTable): FixDraft {
  return {
    title: 'Enable row level security in a new migration',
    kind: 'suggest',
    change() {
      const last = files.at(-1)!.slice(folder.length);
      const [, digits = ''] = /^(\d+)/.exec(last) ?? [];
      if (!digits) return undefined;
      // Later than every migration that is there, whatever the clock says.
      const version = String(BigInt(digits) + 1n).padStart(digits.length, '0');
      const file = `${folder}${version}_enable_rls_${name.replace(/\W+/g, '_')}.sql`;
      const text = `-- Without a policy nobody but the service role reaches the rows: add one for each way in.\nalter table "${schema}"."${name}" enable row level security;\n`;
      return { edits: [], newFiles: [{ file, text }] };
    },
  };
}
