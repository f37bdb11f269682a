import assert from 'node:assert/strict';
import test from 'node:test';
import { parsePage } from '../../src/knowledge/page.ts';
import { ruleSamples } from '../../src/knowledge/samples.ts';

const PATH = 'knowledge/rules/security/missing-auth.md';
const PAGE = `---
id: security/missing-auth
title: An open route
trend: security
benefits: [security]
cwe: [306]
owasp: [API2:2023]
reviewed: 2026-11
---

Prove the caller first.

## Why it matters

Anybody may write.

## Bad

\`\`\`ts file=src/app.ts
app.post('/orders', create);
\`\`\`

## Good

\`\`\`ts file=src/app.ts
app.post('/orders', requireAuth, create);
\`\`\`

\`\`\`yaml file=k8s/app.yaml
## a comment, not a heading
kind: Service
\`\`\`

## When to ignore it

Public by decision.

## Sources

- [CWE-306](https://cwe.mitre.org/data/definitions/306.html), MITRE, 2025
- API Security in Action, Neil Madden, Manning, 2020
- [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) — IETF (2022)
`;

test('a complete page has no problems', () => {
  const { page, problems } = parsePage(PATH, PAGE);
  assert.deepEqual(problems, []);
  assert.equal(page?.key, 'rules/security/missing-auth');
  assert.equal(page?.summary, 'Prove the caller first.');
  assert.deepEqual(
    page?.sections.map(({ heading }) => heading),
    ['Why it matters', 'Bad', 'Good', 'When to ignore it'],
  );
  assert.deepEqual(page?.sources, [
    { title: 'CWE-306', publisher: 'MITRE', year: 2025, url: 'https://cwe.mitre.org/data/definitions/306.html' },
    { title: 'API Security in Action', publisher: 'Neil Madden, Manning', year: 2020 },
    { title: 'RFC 9110', publisher: 'IETF', year: 2022, url: 'https://www.rfc-editor.org/rfc/rfc9110' },
  ]);
});

test('Windows line ends change nothing', () => {
  assert.deepEqual(parsePage(PATH, PAGE.replaceAll('\n', '\r\n')), parsePage(PATH, PAGE));
});

test('the samples of a section are one workspace', () => {
  assert.deepEqual(ruleSamples(PAGE), [
    { verdict: 'bad', files: [{ file: 'src/app.ts', language: 'ts', text: "app.post('/orders', create);\n" }] },
    {
      verdict: 'good',
      files: [
        { file: 'src/app.ts', language: 'ts', text: "app.post('/orders', requireAuth, create);\n" },
        { file: 'k8s/app.yaml', language: 'yaml', text: '## a comment, not a heading\nkind: Service\n' },
      ],
    },
  ]);
});

const FAULTS: readonly (readonly [string, string, string, RegExp])[] = [
  ['an unknown key', 'reviewed: 2026-11', 'reviewed: 2026-11\nseverity: error', /unknown key "severity"/],
  ['a missing key', 'cwe: [306]\n', '', /"cwe" is missing/],
  ['an unknown trend', 'trend: security', 'trend: safety', /"trend" "safety" is not one of/],
  [
    'an id that is not the path',
    'id: security/missing-auth',
    'id: security/no-auth',
    /id must be security\/missing-auth/,
  ],
  ['a month that is none', '2026-11', '2026-13', /"reviewed" must look like/],
  ['a number as text', '[306]', '["306"]', /"cwe" must be a whole number/],
  ['YAML that does not parse', 'cwe: [306]', 'cwe: [306', /front matter/],
  ['a missing section', '## When to ignore it\n\nPublic by decision.\n\n', '', /"## When to ignore it" is missing/],
  ['sections out of order', '## Bad', '## Worse', /"## Bad" is missing or out of order/],
  ['an empty section', 'Anybody may write.', '', /"## Why it matters" is empty/],
  ['a long first paragraph', 'Prove the caller first.', 'x'.repeat(161), /at most 160 characters/],
  ['a first paragraph of two lines', 'Prove the caller first.', 'Prove the\ncaller.', /one line/],
  [
    'a sample without a file',
    "ts file=src/app.ts\napp.post('/orders', create)",
    'ts\nx()',
    /bad sample has no fence with file=/,
  ],
  ['a source without a year', 'MITRE, 2025', 'MITRE', /source without title, publisher or year/],
  ['no sources', /- \[CWE[\s\S]*$/.exec(PAGE)![0], 'None.', /has no sources|source without title/],
];

for (const [name, from, to, expected] of FAULTS) {
  test(`${name} is a problem`, () => {
    assert.ok(PAGE.includes(from));
    const { page, problems } = parsePage(PATH, PAGE.replace(from, to));
    assert.equal(page, undefined);
    assert.match(problems.join('\n'), expected);
  });
}

test('what is no page says so', () => {
  assert.match(parsePage('knowledge/README.md', PAGE).problems.join(), /is not a knowledge page/);
  assert.match(parsePage(PATH, '# Title').problems.join(), /has no front matter/);
});
