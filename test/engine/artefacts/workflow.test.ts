import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

const { path, text } = sample('.github/workflows/ci.yml');
const facts = readAs('github-workflow', path, text);
const [testJob, release] = facts.jobs;

describe('GitHub workflow', () => {
  test('triggers and permissions', () => {
    assert.deepEqual(
      facts.triggers.map(({ name, types, branches }) => [name.value, values(types), values(branches)]),
      [
        ['issue_comment', ['created'], []],
        ['push', [], ['main']],
      ],
    );
    assert.deepEqual(
      facts.permissions?.scopes.map(({ name, value }) => [name.value, value.value]),
      [['contents', 'read']],
    );
    assert.equal(facts.permissions?.all, undefined);
    assert.equal(testJob?.permissions?.all, 'write');
    assert.equal(release?.permissions, undefined);
    assert.equal(cut(text, facts.onKey), 'on');
    const short = readAs('github-workflow', path, 'on: [push, pull_request_target]\npermissions: {}\n');
    assert.deepEqual(
      short.triggers.map(item => item.name.value),
      ['push', 'pull_request_target'],
    );
    assert.equal(short.permissions?.all, 'none');
    assert.equal(readAs('github-workflow', path, 'on: push\n').triggers[0]?.name.value, 'push');
  });

  test('jobs and steps', () => {
    assert.equal(testJob?.id.value, 'test');
    assert.equal(cut(text, testJob?.if), "github.actor != 'bot'");
    assert.deepEqual(values(testJob?.runsOn), ['ubuntu-latest']);
    assert.equal(cut(text, testJob?.steps[0]?.uses), 'actions/checkout@v4');
    assert.equal(testJob?.steps[1]?.name?.value, 'Title');
    assert.equal(testJob?.steps[1]?.env[0]?.value.value, '${{ secrets.NPM_TOKEN }}');
    assert.equal(release?.uses?.value, 'acme/flows/.github/workflows/release.yml@main');
    assert.equal(release?.secrets?.inherit, true);
    assert.deepEqual(values(release?.needs), ['test']);
  });

  test('expressions with their place in the file, block scalars included', () => {
    const expressions = testJob?.steps.flatMap(step => step.expressions) ?? [];
    assert.deepEqual(
      expressions.map(item => [item.in, item.key, item.text]),
      [
        ['with', 'ref', 'github.event.pull_request.head.sha'],
        ['run', undefined, 'github.event.issue.title'],
        ['env', 'TOKEN', 'secrets.NPM_TOKEN'],
      ],
    );
    assert.equal(cut(text, expressions[1]), '${{ github.event.issue.title }}');
  });

  test('composite actions', () => {
    const action = readAs(
      'github-workflow',
      'ci/action.yml',
      'name: a\nruns:\n  using: composite\n  steps:\n    - run: echo "${{ inputs.title }}"\n      shell: bash\n',
    );
    assert.equal(action.action, true);
    assert.equal(action.jobs[0]?.steps[0]?.expressions[0]?.text, 'inputs.title');
  });
});
