import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDenyList } from '../../src/advisor/deny.ts';

describe('deny list', () => {
  const denied = [
    '.env',
    '.env.local',
    'apps/api/.env.production',
    'prod.env',
    '.ENV',
    'certs/server.pem',
    'tls/site.key',
    'id_rsa',
    'home/id_rsa.pub',
    'secrets/db.yaml',
    'deploy/secrets/a/b.ts',
    '.npmrc',
    'packages/a/.npmrc',
    '.git/config',
    '.dev.vars',
    'config\\.env',
    '../outside.ts',
    'src/../../x.ts',
    '/etc/passwd',
    'C:/x.ts',
    '',
  ];
  for (const file of denied)
    it(`holds ${file || 'an empty path'} back`, () => assert.ok(createDenyList().isDenied(file)));

  for (const file of [
    'src/app.ts',
    'src/env.ts',
    'src/keys.ts',
    'src/secret-service.ts',
    'docs/environment.md',
    'k8s/deployment.yaml',
  ]) {
    it(`lets ${file} pass`, () => assert.ok(!createDenyList().isDenied(file)));
  }

  it('adds the lines of the configuration and of ignore files', () => {
    const list = createDenyList(['# private', 'src/billing/**', '*.sql', '!public.sql']);
    assert.ok(list.isDenied('src/billing/rates.ts'));
    assert.ok(list.isDenied('db/seed.sql'));
    assert.ok(!list.isDenied('db/public.sql'));
    assert.ok(!list.isDenied('src/app.ts'));
  });

  it('does not let a workspace open what is always denied', () => {
    assert.ok(createDenyList(['!.env', '!*.pem']).isDenied('.env'));
  });
});
