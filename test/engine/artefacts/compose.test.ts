import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

const { text } = sample('docker-compose.yml');
const facts = readAs('compose', 'docker-compose.yml', text);
const [api, db] = facts.services;

describe('compose', () => {
  test('build, command, merge keys', () => {
    assert.deepEqual(
      facts.services.map(service => service.name.value),
      ['api', 'db'],
    );
    assert.equal(api?.restart?.value, 'unless-stopped');
    assert.equal(api?.build?.context?.value, './api');
    assert.equal(cut(text, api?.build?.target), 'runtime');
    assert.deepEqual(values(api?.command?.words), ['npm', 'run', 'start prod']);
    assert.equal(cut(text, api?.command?.words[2]), '"start prod"');
    assert.equal(api?.replicas?.value, 2);
    assert.equal(api?.readOnly?.value, true);
    assert.equal(api?.stopGracePeriod?.value, '30s');
    assert.equal(cut(text, db?.image), 'postgres:17');
  });

  test('ports: the right side is the container', () => {
    assert.deepEqual(
      api?.ports.map(({ hostIp, published, target }) => [hostIp, published, target]),
      [
        ['127.0.0.1', '8080', 3000],
        [undefined, undefined, 9090],
        [undefined, '${PORT:-4000}', 4000],
        [undefined, '5001', 5000],
      ],
    );
    const odd = readAs(
      'compose',
      'compose.yaml',
      'services:\n  a:\n    ports: ["3000-3005:3000-3005", "80:${P:-80}", 22:22, "[::1]:1:2"]\n',
    ).services[0];
    assert.deepEqual(
      odd?.ports.map(port => port.target),
      [undefined, undefined, 22, 2],
    );
  });

  test('environment in both forms', () => {
    assert.deepEqual(
      api?.environment.map(item => [item.name.value, item.value?.value]),
      [
        ['NODE_ENV', 'production'],
        ['REDIS_URL', 'redis://redis:6379'],
        ['HOST_ONLY', undefined],
      ],
    );
    assert.equal(cut(text, api?.environment[1]?.value), 'redis://redis:6379');
    assert.equal(cut(text, api?.environment[1]?.name), 'REDIS_URL');
    assert.equal(cut(text, db?.environment[0]?.value), 'postgres');
    assert.deepEqual(values(api?.envFiles), ['.env']);
  });

  test('dependencies, volumes, health checks', () => {
    assert.equal(api?.dependsOn[0]?.condition?.value, 'service_healthy');
    assert.equal(api?.volumes[0]?.source?.value, './data');
    assert.equal(cut(text, api?.volumes[0]?.target), '/data');
    assert.equal(api?.volumes[0]?.readOnly, true);
    assert.deepEqual(values(api?.healthcheck?.test?.words), ['curl', '-f', 'http://localhost:3000/healthz']);
    assert.equal(api?.healthcheck?.test?.form, 'exec');
    assert.equal(db?.healthcheck?.test?.form, 'shell');
    assert.deepEqual(values(facts.volumes), ['pgdata']);
  });

  test('development files are told apart by name', () => {
    const of = (path: string) => readAs('compose', path, 'services: {}\n').development;
    assert.equal(of('compose.override.yml'), true);
    assert.equal(of('docker-compose-dev.yaml'), true);
    assert.equal(of('docker-compose.prod.yml'), false);
    assert.equal(of('.devcontainer/docker-compose.yml'), true);
  });
});
