import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { answer, pageMarkdown } from '../../src/knowledge/answer.ts';
import { compile } from '../../src/knowledge/compile.ts';
import { openKnowledge } from '../../src/knowledge/knowledge.ts';
import { pack, unpack } from '../../src/knowledge/packed.ts';
import { files, index, pagesOf, root } from './pages.ts';

const shipped = JSON.stringify(index);
const packed = pack(index);
const knowledge = openKnowledge(unpack(packed.index, name => packed.parts.get(name)));

/** Questions as people ask them → pages that answer, one of which must be among the first three. */
const QUESTIONS: Readonly<Record<string, RegExp>> = {
  'how do I verify a jwt in express': /recipes\/auth\/express|jwt-verification/,
  'do we need microservices': /trends\/microservices/,
  'brute force on the login page': /rate-limit/,
  'limit login attempts per account fastify': /recipes\/rate-limiting\/fastify/,
  'pod does not stop on SIGTERM': /health-and-shutdown|pid1-signal|no-graceful-shutdown/,
  'supabase row level security': /trends\/low-code|rls-open/,
  'n+1 queries': /benefits\/performance|trends\/graphql|query-in-loop/,
  'verify stripe webhook signature': /benefits\/integration|webhook-unverified/,
  'opentelemetry esm preload nest': /recipes\/tracing\/nest/,
  'validate request body with a DTO': /recipes\/validation\/nest/,
  'limit query depth': /trends\/graphql|no-query-limits/,
  'cold start of lambda functions': /trends\/serverless/,
  'pin github actions to a commit': /trends\/ai-automation|token-and-pinning/,
  'openapi document does not match the routes': /trends\/api-first|spec-drift/,
  'cloudflare kv consistency': /trends\/edge/,
  'prisma transactions and migrations': /benefits\/data-management|tx-client-escape|schema-sync/,
  'readiness probe in kubernetes': /health-and-shutdown|k8s\/readiness|probe-path/,
  'autoscaling and sessions in memory': /benefits\/scalability/,
  'swallowed errors in catch': /trends\/observability|swallowed-error/,
};

for (const [question, wanted] of Object.entries(QUESTIONS)) {
  test(`search answers "${question}"`, () => {
    const found = knowledge.search(question, 3).map(page => page.key);
    assert.ok(
      found.some(key => wanted.test(key)),
      `${wanted} is not among ${found.join(', ')}`,
    );
  });
}

test('search bears typing errors, empty queries and limits', () => {
  assert.ok(knowledge.search('observabilty', 3).some(({ key }) => key === 'trends/observability'));
  assert.deepEqual(knowledge.search('  '), []);
  assert.equal(knowledge.search('security', 2).length, 2);
});

test('the index is the same whatever the order of the files', () => {
  assert.equal(JSON.stringify(compile([...files].reverse()).index), shipped);
});

test('every start reads heads only, and opening a page one small part', () => {
  const { index: heads, parts } = packed;
  const perPage = JSON.stringify(heads).length / files.length;
  assert.ok(perPage < 600, `${perPage} characters a page are read at start`);
  assert.ok(!JSON.stringify(heads).includes('## '), 'no text of a page');
  for (const [name, part] of parts) {
    const size = JSON.stringify(part).length;
    assert.ok(size < 250_000, `${name} has ${size} characters`);
  }
  assert.deepEqual(
    JSON.parse(JSON.stringify(unpack(heads, name => parts.get(name)))),
    JSON.parse(JSON.stringify({ ...index })),
  );
});

test('a page is found by kind and id', () => {
  assert.equal(knowledge.trend('security')?.kind, 'trend');
  assert.equal(knowledge.benefit('security')?.kind, 'benefit');
  assert.equal(knowledge.theme('security')?.key, 'trends/security');
  assert.equal(knowledge.theme('scalability')?.key, 'benefits/scalability');
  assert.equal(knowledge.recipe('auth', 'nest')?.id, 'auth/nest');
  assert.equal(knowledge.recipe('auth', 'koa'), undefined);
  assert.equal(knowledge.rule('no/such-rule'), undefined);
  assert.equal(knowledge.page('trends/edge')?.id, 'edge');
});

test('recipes are found by the rule they resolve', () => {
  assert.deepEqual(
    knowledge.recipesFor('drift/no-graceful-shutdown').map(({ id }) => id),
    ['health-and-shutdown/express', 'health-and-shutdown/fastify', 'health-and-shutdown/nest'],
  );
  assert.deepEqual(
    knowledge.recipesFor('observability/no-tracing', 'fastify').map(({ id }) => id),
    ['tracing/fastify'],
  );
});

test('without a model, a finding is answered from its page and the recipe for its framework', () => {
  const page = {
    path: 'knowledge/rules/security/missing-auth.md',
    text: [
      '---',
      'id: security/missing-auth',
      'title: An open route',
      'trend: security',
      'benefits: [security]',
      'cwe: [306]',
      'owasp: [API2:2023]',
      'reviewed: 2026-11',
      '---',
      'Prove the caller first.',
      '## Why it matters\nAnybody may write.',
      '## Bad\n```ts file=src/app.ts\nopen();\n```',
      '## Good\n```ts file=src/app.ts\nguarded();\n```',
      '## When to ignore it\nPublic by decision.',
      '## Sources\n- [CWE-306](https://cwe.mitre.org/data/definitions/306.html), MITRE, 2025',
    ].join('\n'),
  };
  const recipes = files.filter(({ path }) => path.startsWith('knowledge/recipes/'));
  const { index, problems } = compile([page, ...recipes]);
  assert.deepEqual(problems, []);
  const own = openKnowledge(index);

  const fastify = answer(own, 'security/missing-auth', 'fastify')!;
  assert.match(fastify, /^# An open route\n\nProve the caller first\./);
  for (const part of ['Anybody may write.', 'guarded();', 'Public by decision.', 'fastify-plugin', 'cwe.mitre.org']) {
    assert.ok(fastify.includes(part), part);
  }
  assert.ok(!fastify.includes('open();'), 'the bad sample is the reader’s own code');
  assert.match(answer(own, 'security/missing-auth')!, /`auth\/express`[\s\S]*`auth\/nest`/);
  assert.equal(answer(own, 'no/such-rule'), undefined);
});

test('a page reads as Markdown from title to sources', () => {
  for (const page of pagesOf('trend')) {
    assert.match(
      pageMarkdown(page),
      new RegExp(`^# ${page.title}\\n[\\s\\S]*\\n## What it is\\n[\\s\\S]*\\n## Sources\\n\\n- .*\\d{4}\\n`),
    );
  }
});

test('what the product loads at run time parses no pages and touches no disk', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier] of fs
      .readFileSync(file, 'utf8')
      .matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)';$/gm)) {
      if (specifier!.startsWith('.')) visit(path.join(path.dirname(file), specifier!));
      else packages.add(specifier!);
    }
  };
  for (const entry of ['knowledge.ts', 'answer.ts', 'packed.ts']) visit(path.join(root, 'src/knowledge', entry));
  assert.ok(seen.size > 3);
  assert.deepEqual([...packages], ['minisearch']);
});
