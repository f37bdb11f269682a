import type { Finding } from '../../src/engine/model/finding.ts';
import { placeFinder, type ReportInput } from '../../src/report/input.ts';
import type { RuleInfo } from '../../src/session/api.ts';
import { findingWith, spanOf } from './finding.ts';

const APP = `import express from 'express';
const app = express();
app.get('/orders/:id', showOrder);
app.post('/orders', createOrder);
`;
const DATABASE = "export const show = (id) =>\r\n  db.query(`select * from orders where id = '${id}'`);\r\n";
const DOCKERFILE = 'FROM node:24\nUSER root\n';

export const TEXTS: Readonly<Record<string, string>> = {
  'src/app.ts': APP,
  'src/my db/query.ts': DATABASE,
  Dockerfile: DOCKERFILE,
};

export const RULES: readonly RuleInfo[] = [
  {
    id: 'security/sql-injection',
    title: 'SQL text built from request data',
    theme: 'security',
    severity: 'error',
    confidence: 'high',
    cwe: [89],
    owasp: ['A05:2025'],
    fix: 'suggest',
    docs: 'https://example.com/rules/security/sql-injection',
    defaultOn: true,
  },
  {
    id: 'containers/root-user',
    title: 'Container runs as root',
    theme: 'containers',
    severity: 'info',
    confidence: 'medium',
    cwe: [],
    owasp: [],
    docs: 'knowledge/rules/containers/root-user.md',
    defaultOn: false,
  },
];

/** Four findings: with proof across files, with awkward characters, suppressed by comment, accepted in a baseline. */
export const FINDINGS: readonly Finding[] = [
  findingWith({
    ruleId: 'containers/root-user',
    message: 'The container runs as root.',
    severity: 'info',
    confidence: 'medium',
    theme: 'containers',
    cwe: [],
    owasp: [],
    fingerprint: '0000000000000001',
    span: spanOf('Dockerfile', DOCKERFILE, 'USER root'),
    suppression: { kind: 'comment', reason: 'only <in> CI', span: spanOf('Dockerfile', DOCKERFILE, 'FROM node:24') },
  }),
  findingWith({
    message: 'GET /orders/:id is open, "a" & <b>|`c`, 100%.',
    fingerprint: '0000000000000002',
    span: spanOf('src/app.ts', APP, "app.get('/orders/:id', showOrder)"),
  }),
  findingWith({
    fingerprint: '0000000000000003',
    span: spanOf('src/app.ts', APP, 'app.post'),
    suppression: { kind: 'baseline' },
  }),
  findingWith({
    ruleId: 'security/sql-injection',
    message: 'The id of the request becomes part of SQL text.',
    severity: 'error',
    cwe: [89],
    owasp: ['A05:2025'],
    fingerprint: '0000000000000004',
    span: { ...spanOf('src/my db/query.ts', DATABASE, 'db.query('), end: DATABASE.indexOf(');') + 1 },
    evidence: [
      { span: spanOf('src/app.ts', APP, "'/orders/:id'"), message: 'The id comes from the path.' },
      { span: spanOf('src/my db/query.ts', DATABASE, '${id}'), message: 'It is put into the text here.' },
    ],
    fixes: [{ id: 'security/sql-injection#1', title: 'Pass the value as a parameter', kind: 'suggest' }],
  }),
];

export function reportWith(over: Partial<ReportInput> = {}): ReportInput {
  return {
    version: '1.2.3',
    findings: FINDINGS,
    problems: [
      {
        code: 'file-too-large',
        message: 'src/huge.js has 2 MB and was skipped.',
        file: 'src/huge.js',
        incomplete: true,
      },
      { code: 'invalid-config', message: 'pkg/underpin.config.jsonc:1:1 must be an object.', incomplete: false },
    ],
    stats: {
      files: 3,
      lines: 8,
      bytes: 260,
      cachedFiles: 1,
      phases: { extract: 12.25, link: 3 },
      rules: { 'a/x': 1.5 },
    },
    rules: RULES,
    placeOf: placeFinder(file => (Object.hasOwn(TEXTS, file) ? TEXTS[file] : undefined)),
    ...over,
  };
}
