import fs from 'node:fs';
import path from 'node:path';
import { BENEFITS, TRENDS } from '../engine/model/finding.ts';
import { generate } from './generate.ts';
import { camelCase } from './generators.ts';
import { root } from './paths.ts';

const ID = /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/;

const id = process.argv[2] ?? '';
if (!ID.test(id)) {
  console.error(
    'Usage: npm run new:rule TOPIC/ID, where the id names the defect: npm run new:rule security/missing-auth',
  );
  process.exit(2);
}
const [topic = '', name = ''] = id.split('/');
const files: Readonly<Record<string, string>> = {
  [`src/engine/rules/${id}.ts`]: rule(),
  [`knowledge/rules/${id}.md`]: page(),
  [`test/fixtures/${id}/the-defect.ts`]: 'export const defect = true;\n',
  [`test/fixtures/${id}/the-near-miss.ts`]: 'export const nearMiss = true;\n',
};
const present = Object.keys(files).filter(file => fs.existsSync(path.join(root, file)));
if (present.length > 0) {
  console.error(`There already: ${present.join(', ')}`);
  process.exit(1);
}
for (const [file, text] of Object.entries(files)) {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
  console.log(`written: ${file}`);
}
for (const file of generate({ write: true })) console.log(`written: ${file}`);
console.log(`\nFill in the fixtures first, then the rule, then the page: npm test -- ${id}`);

function rule(): string {
  return `import { defineRule } from '../rule.ts';

export const ${camelCase(name)} = defineRule({
  meta: {
    id: '${id}',
    theme: '${theme()}',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'low',
    cwe: [],
    owasp: [],
    messages: {
      found: '{name} …',
    },
  },

  check({ endpoints }, report) {
    for (const endpoint of endpoints) {
      if (endpoint.partial !== undefined) continue;
      report(endpoint.span, 'found', { data: { name: endpoint.path }, anchor: endpoint.path });
    }
  },
});
`;
}

function page(): string {
  const month = new Date().toISOString().slice(0, 7);
  const sample = '```ts file=src/app.ts\n```';
  const sections = [
    ['Why it matters', 'What happens, in this runtime, with the defaults that are facts.'],
    ['Bad', sample],
    ['Good', sample],
    ['When to ignore it', 'The cases where the finding is right and the code may stay.'],
    ['Sources', '- [Title](https://example.com), Publisher, 2026'],
  ];
  return `---
id: ${id}
title: ${name.replaceAll('-', ' ').replace(/^./, first => first.toUpperCase())}
trend: ${theme()}
benefits: [security]
cwe: []
owasp: []
reviewed: ${month}
---

What to do and why, in one line of at most 160 characters.

${sections.map(([heading, text]) => `## ${heading}\n\n${text}`).join('\n\n')}
`;
}

/** A topic that is no trend or benefit, such as \`drift\`, needs a choice by hand. */
function theme(): string {
  return [...TRENDS, ...BENEFITS].find(known => known === topic) ?? 'security';
}
