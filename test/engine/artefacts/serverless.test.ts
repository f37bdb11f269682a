import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

describe('serverless.yml', () => {
  const { text } = sample('serverless.yml');
  const facts = readAs('serverless', 'serverless.yml', text);
  const [create, admin] = facts.functions;

  test('provider and functions', () => {
    assert.equal(facts.service?.value, 'orders');
    assert.equal(facts.provider.runtime?.value, 'nodejs22.x');
    assert.deepEqual(
      facts.provider.environment.map(item => item.value.value),
      [null, '${self:provider.stage}'],
    );
    assert.deepEqual(values(facts.provider.authorizers), ['cognitoJwt']);
    assert.equal(cut(text, create?.handler), 'src/orders.create');
    assert.equal(create?.timeout?.value, 10);
    assert.equal(facts.functionsPartial, false);
    assert.ok(admin?.url);
    assert.equal(admin.url.authorizer, undefined);
  });

  test('events in long and short form', () => {
    const [httpApi, short, rest, sqs] = create?.events ?? [];
    assert.equal(httpApi?.type.value, 'httpApi');
    assert.equal(cut(text, httpApi?.path), '/orders');
    assert.equal(httpApi?.authorizer?.name?.value, 'cognitoJwt');
    assert.equal(short?.method?.value, 'GET');
    assert.equal(cut(text, short?.path), '/orders/{id}');
    assert.equal(short?.authorizer, undefined);
    assert.equal(rest?.private?.value, true);
    assert.equal(sqs?.type.value, 'sqs');
  });

  test('functions from other files are partial, JSON works too', () => {
    const partial = readAs(
      'serverless',
      'serverless.yml',
      'service: a\nprovider: aws\nfunctions:\n  - ${file(a.yml)}\n  - b: { handler: b.run }\n',
    );
    assert.equal(partial.functionsPartial, true);
    assert.equal(partial.provider.name?.value, 'aws');
    assert.equal(partial.functions[0]?.handler?.value, 'b.run');
    const json = readAs(
      'serverless',
      'serverless.json',
      '{"service": "a", "functions": {"f": {"handler": "x.y", "events": [{"httpApi": "*"}]}}}',
    );
    assert.equal(json.functions[0]?.events[0]?.path?.value, '*');
  });
});

describe('SAM template', () => {
  const { text } = sample('template.yaml');
  const facts = readAs('sam', 'template.yaml', text);

  test('functions, events and authorizers', () => {
    const [orders] = facts.functions;
    assert.equal(facts.globals.runtime?.value, 'nodejs22.x');
    assert.equal(orders?.id.value, 'Orders');
    assert.equal(cut(text, orders?.codeUri), 'orders/');
    assert.deepEqual(values(orders?.entryPoints), ['app.ts']);
    assert.equal(orders?.events[0]?.path?.value, '/orders');
    assert.equal(cut(text, orders?.events[0]?.authorizer), 'NONE');
    assert.equal(facts.apis[0]?.type, 'api');
    assert.equal(facts.apis[0]?.defaultAuthorizer?.value, 'Cognito');
  });
});

describe('wrangler', () => {
  test('TOML: bindings with their places, and environments that inherit none', () => {
    const { text } = sample('wrangler.toml');
    const facts = readAs('wrangler', 'wrangler.toml', text);
    assert.equal(cut(text, facts.main), '"src/index.ts"');
    assert.deepEqual(values(facts.compatibilityFlags), ['nodejs_compat']);
    assert.deepEqual(
      facts.bindings.map(binding => [binding.type, binding.name.value]),
      [
        ['durable_objects', 'COUNTER'],
        ['kv_namespaces', 'CACHE'],
        ['d1_databases', 'DB'],
        ['vars', 'API_HOST'],
      ],
    );
    assert.equal(cut(text, facts.bindings[2]?.name), '"DB"');
    assert.equal(cut(text, facts.bindings[3]), 'API_HOST = "example.com"');
    assert.deepEqual(values(facts.crons), ['0 * * * *']);
    assert.equal(facts.queueConsumers[0]?.queue?.value, 'mail');
    assert.equal(facts.classes[0]?.className?.value, 'Counter');
    assert.deepEqual(values(facts.migrations[0]?.created), ['Counter']);
    const [production] = facts.environments;
    assert.equal(production?.environment.value, 'production');
    assert.deepEqual(
      production?.bindings.map(binding => binding.value?.value),
      ['api.example.com'],
    );
  });

  test('JSONC', () => {
    const { text } = sample('wrangler.jsonc');
    const facts = readAs('wrangler', 'wrangler.jsonc', text);
    assert.deepEqual(
      facts.bindings.map(binding => [binding.type, binding.name.value]),
      [
        ['ai', 'AI'],
        ['workflows', 'FLOW'],
        ['secrets', 'TOKEN'],
      ],
    );
    assert.equal(facts.classes[0]?.type, 'workflow');
    assert.equal(facts.environments[0]?.bindings[0]?.name.value, 'FILES');
  });
});
