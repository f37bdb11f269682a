import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { finalStage } from '../../../src/engine/model/artefacts/dockerfile.ts';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

const { text } = sample('Dockerfile');
const facts = readAs('dockerfile', 'Dockerfile', text);
const [build, base, runtime] = facts.stages;

describe('Dockerfile', () => {
  test('stages with image, tag, digest and the stage they continue', () => {
    assert.deepEqual(
      facts.stages.map(stage => stage.name?.value),
      ['build', 'base', 'runtime'],
    );
    assert.equal(build?.from.image.value, 'node:${NODE}-slim');
    assert.equal(build?.from.resolved, 'node:22-slim');
    assert.equal(build?.from.tag?.value, '22-slim');
    assert.equal(cut(text, build?.from.tag), 'node:${NODE}-slim');
    assert.equal(build?.from.platform?.value, '$BUILDPLATFORM');
    assert.equal(base?.from.repository, 'node');
    assert.equal(cut(text, base?.from.tag), '22.11-alpine');
    assert.equal(cut(text, base?.from.digest), 'sha256:0123abcd');
    assert.equal(runtime?.from.stageRef, 1);
    assert.equal(runtime?.from.tag, undefined);
    assert.equal(facts.globalArgs[0]?.value?.value, '22');
  });

  test('commands: exec and shell form, continuations, flags', () => {
    assert.equal(base?.cmd?.form, 'exec');
    assert.deepEqual(values(base?.cmd?.words), ['npm', 'start']);
    assert.equal(cut(text, base?.cmd), '["npm", "start"]');
    assert.equal(cut(text, base?.cmd?.words[1]), '"start"');
    assert.equal(cut(text, runtime?.entrypoint?.words[1]), '"dist/main.js"');
    assert.equal(build?.runs[0]?.words[0]?.value, 'npm ci --no-audit');
    assert.equal(build?.runs[0]?.flags[0]?.name, 'mount');
    assert.equal(cut(text, build?.runs[1]), 'npm run build');
    const odd = readAs('dockerfile', 'a.dockerfile', "FROM x\nCMD ['node', 'a.js']\nCMD node a.js\n");
    assert.equal(odd.stages[0]?.cmd?.form, 'shell');
    assert.equal(odd.stages[0]?.instructions.filter(item => item.keyword === 'CMD').length, 2);
  });

  test('copy, env, expose, user and health check', () => {
    const copy = runtime?.copies[0];
    assert.equal(copy?.from?.value, 'build');
    assert.equal(copy?.fromStage, 0);
    assert.deepEqual(values(copy?.sources), ['/app/dist']);
    assert.equal(cut(text, copy?.dest), '"./dist"');
    assert.deepEqual(
      copy?.flags.map(flag => `${flag.name}=${flag.value}`),
      ['from=build', 'chown=node:node'],
    );
    assert.deepEqual(
      base?.env.map(item => [item.name.value, item.value.value]),
      [
        ['NODE_ENV', 'production'],
        ['LOG_LEVEL', 'info'],
      ],
    );
    assert.equal(cut(text, base?.env[1]?.value), '"info"');
    assert.deepEqual(values(runtime?.expose), ['3000/tcp', '9090']);
    assert.equal(cut(text, base?.user), 'node');
    assert.equal(runtime?.healthcheck?.disabled, false);
    assert.equal(runtime?.healthcheck?.command?.words[0]?.value, 'curl -f http://localhost:3000/healthz || exit 1');
  });

  test('the final stage inherits, and an ENTRYPOINT drops the inherited CMD', () => {
    const final = finalStage(facts);
    assert.equal(final?.stage.name?.value, 'runtime');
    assert.equal(final?.user?.value, 'node');
    assert.equal(final?.workdir, '/srv/app');
    assert.deepEqual(values(final?.entrypoint?.words), ['node', 'dist/main.js']);
    assert.equal(final?.cmd, undefined);
    assert.equal(final?.base.repository, 'node');
    assert.deepEqual(
      final?.env.map(item => item.name.value),
      ['NODE_ENV', 'LOG_LEVEL'],
    );
    assert.deepEqual(values(finalStage(facts, 'BASE')?.cmd?.words), ['npm', 'start']);
    assert.equal(finalStage(facts, 'nowhere'), undefined);
    const inherited = readAs(
      'dockerfile',
      'Dockerfile',
      'FROM a AS one\nENTRYPOINT ["e"]\nCMD ["c"]\nFROM one\nCMD ["d"]\nCMD ["last"]\n',
    );
    assert.deepEqual(values(finalStage(inherited)?.entrypoint?.words), ['e']);
    assert.deepEqual(values(finalStage(inherited)?.cmd?.words), ['last']);
  });

  test('images: registry port, no tag, variables without a default', () => {
    const read = (line: string) => readAs('dockerfile', 'Dockerfile', line).stages[0]?.from;
    assert.equal(read('FROM localhost:5000/shop/api')?.repository, 'localhost:5000/shop/api');
    assert.equal(read('FROM localhost:5000/shop/api')?.tag, undefined);
    assert.equal(read('FROM node')?.tag, undefined);
    assert.equal(read('FROM $BASE')?.resolved, undefined);
    assert.equal(read('FROM ${BASE:-node:22}')?.tag?.value, '22');
    assert.equal(read('FROM gcr.io/distroless/nodejs22-debian12:nonroot')?.tag?.value, 'nonroot');
  });
});
