import assert from 'node:assert/strict';
import test, { suite } from 'node:test';
import { isDeployFile } from '../../../src/engine/link/deploy-files.ts';
import { effectivePorts } from '../../../src/engine/link/listen.ts';
import { firstProcess, lastCommand } from '../../../src/engine/queries/container-command.ts';
import { managerCall } from '../../../src/engine/queries/drift/package-script.ts';
import { analyseTexts } from '../../harness/workspace.ts';

const SERVER = `import express from 'express';
const app = express();
app.get('/health', (_req, res) => res.send('ok'));
app.listen(Number(process.env.PORT ?? 3000));
`;

const modelOf = (files: Record<string, string>) => analyseTexts(new Map(Object.entries(files)), { rules: [] }).model;

const pod = (name: string, image: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    spec:
      containers: [{ name: ${name}, image: ${image} }]
`;

suite('units', () => {
  test('a package is joined with its Dockerfile, its compose service and the pod that runs its image', () => {
    const { units } = modelOf({
      'package.json': '{ "name": "shop", "workspaces": ["apps/*"] }',
      'apps/api/package.json': '{ "name": "@shop/api" }',
      'apps/api/src/main.ts': SERVER,
      'apps/api/Dockerfile': 'FROM node:24-slim\nCMD ["node", "src/main.js"]\n',
      'apps/jobs/package.json': '{ "name": "@shop/jobs" }',
      'apps/jobs/src/main.ts': SERVER,
      'compose.yaml': 'services:\n  api:\n    build: apps/api\n',
      'deploy/api.yaml': pod('web', 'ghcr.io/acme/shop-api:1.2.3'),
      'deploy/redis.yaml': pod('redis', 'redis:8'),
    });
    const api = units.of('apps/api/src/main.ts')!;
    assert.deepEqual(
      [api.folder, api.images.length, api.composeServices.length, api.workloads.length, api.routes.length],
      ['apps/api', 1, 1, 1, 1],
    );
    assert.equal(units.of('apps/jobs/src/main.ts')?.hasContainer, false);
  });

  test('the port is what the container sets, else the default of the code', () => {
    const [unit] = modelOf({ 'package.json': '{ "name": "shop" }', 'src/main.ts': SERVER }).units.all;
    const [listen] = unit!.listens;
    assert.deepEqual(
      effectivePorts(listen!, () => undefined),
      [3000],
    );
    assert.deepEqual(
      effectivePorts(listen!, name => (name === 'PORT' ? '8080' : undefined)),
      [8080],
    );
    assert.equal(
      effectivePorts(listen!, () => null),
      undefined,
    );
  });

  test('two packages that fit an image leave it unjoined', () => {
    const { units } = modelOf({
      'a/api/package.json': '{ "name": "@a/api" }',
      'a/api/main.ts': SERVER,
      'b/api/package.json': '{ "name": "@b/api" }',
      'b/api/main.ts': SERVER,
      'deploy/api.yaml': pod('api', 'acme/api:1'),
    });
    assert.deepEqual(
      units.all.map(unit => unit.workloads.length),
      [0, 0],
    );
  });

  test('the first process is found behind init programs, shells and scripts', () => {
    const command = (dockerfile: string, files: Record<string, string> = {}) => {
      const model = modelOf({ Dockerfile: `FROM node:24-slim\nWORKDIR /app\n${dockerfile}\n`, ...files });
      const first = firstProcess(model.project, model.units.images[0]!);
      return first && `${first.words.join(' ')} (${first.under}, ${first.init})`;
    };
    assert.equal(command('CMD ["node", "a.js"]'), 'node a.js (nothing, none)');
    assert.equal(command('ENTRYPOINT ["tini", "-g", "--"]\nCMD ["npm", "start"]'), 'npm start (nothing, group)');
    assert.equal(command('CMD A=1 exec node a.js'), 'node a.js (nothing, none)');
    assert.equal(command('CMD A=1 node a.js'), 'node a.js (shell, none)');
    assert.equal(command('CMD exec node a.js'), 'node a.js (nothing, none)');
    assert.equal(command('SHELL ["/bin/bash", "-c"]\nCMD node a.js'), 'node a.js (nothing, none)');
    assert.equal(
      command('COPY run.sh /app/\nCMD ["./run.sh"]', { 'run.sh': '#!/bin/sh\nnode a.js\n' }),
      'node a.js (script, none)',
    );
    assert.equal(command('COPY run.sh /app/\nCMD ["./other.sh"]', { 'run.sh': '#!/bin/sh\nnode a.js\n' }), undefined);
  });

  test('words of a shell line and of a package manager', () => {
    assert.deepEqual(
      lastCommand('a && B=1 exec node "my file.js"')?.words,
      ['B=1', 'exec', 'node', 'my file.js'].slice(2),
    );
    assert.equal(lastCommand('node a.js | tee log'), undefined);
    assert.deepEqual(managerCall(['npm', 'run', 'start:prod']), { manager: 'npm', script: 'start:prod' });
    assert.deepEqual(managerCall(['pnpm', '--filter', 'api', 'start']), { manager: 'pnpm', script: undefined });
    assert.equal(managerCall(['bun', 'run', 'src/main.ts']), undefined);
  });

  test('files for development, tests and examples describe no production', () => {
    for (const path of ['Dockerfile', 'apps/api/Dockerfile', 'deploy/api.yaml', 'k8s/production/api.yaml'])
      assert.equal(isDeployFile(path), true, path);
    for (const path of [
      'Dockerfile.dev',
      'examples/a/Dockerfile',
      '.devcontainer/Dockerfile',
      'docker-compose.ci.yml',
      'test/k8s.yaml',
    ])
      assert.equal(isDeployFile(path), false, path);
  });
});
