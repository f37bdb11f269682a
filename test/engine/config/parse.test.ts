import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INITIAL_CONFIG } from '../../../src/engine/config/init.ts';
import { parseConfig } from '../../../src/engine/config/parse.ts';

const IDS = new Set(['security/missing-auth', 'api/unvalidated-input']);

function complaints(text: string): string[] {
  return parseConfig('underpin.config.jsonc', text, IDS).problems.map(problem =>
    problem.message.replace('underpin.config.jsonc:', ''),
  );
}

test('comments, trailing commas, a BOM and CRLF are fine', () => {
  const { config, problems } = parseConfig(
    'c',
    '\uFEFF{\r\n// why\r\n"rules": { "security/missing-auth": "off", },\r\n}',
    IDS,
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(config, { rules: { 'security/missing-auth': 'off' } });
});

test('what init writes is valid', () => {
  assert.deepEqual(complaints(INITIAL_CONFIG), []);
  const uncommented = INITIAL_CONFIG.replace(/^ {2}\/\/ (?=")(?!"off)/gm, '  ');
  assert.notEqual(uncommented, INITIAL_CONFIG);
  assert.deepEqual(complaints(uncommented), []);
});

const wrong: readonly (readonly [string, string])[] = [
  ['', '1:1 is empty; write at least {}.'],
  ['[]', '1:1 must be an object.'],
  ['{\n  "rules": {', '2:13 is not valid JSON with comments: close brace expected.'],
  ['{ "rule": {} }', '1:3 "rule" is not a known key; did you mean "rules"?'],
  ['{ "wibble": 1 }', '1:3 "wibble" is not a known key.'],
  ['{ "__proto__": 1 }', '1:3 "__proto__" is not a known key.'],
  ['{ "failOn": "fatal" }', '1:13 "failOn" must be one of "error", "warning", "info", "hint", "never".'],
  [
    '{ "rules": { "security/mising-auth": "off" } }',
    '1:14 "security/mising-auth" is not a known rule; did you mean "security/missing-auth"?',
  ],
  ['{ "rules": { "no auth": "off" } }', '1:14 "rules.no auth" is not a rule id.'],
  ['{ "rules": { "security/missing-auth": 2 } }', '1:39 "rules.security/missing-auth" must be a string or an object.'],
  [
    '{ "rules": { "security/missing-auth": { "level": "off" } } }',
    '1:41 "rules.security/missing-auth.level" is not a known key.',
  ],
  ['{ "exclude": ["src\\\\gen"] }', '1:15 "exclude[0]" must be a glob with forward slashes.'],
  ['{ "baseline": "../b.jsonl" }', '1:15 "baseline" must be a relative path below this folder, with forward slashes.'],
  ['{ "scope": { "since": "--output=x" } }', '1:23 "scope.since" must be a git revision such as "main".'],
  ['{ "scope": {} }', '1:12 "scope" must have the key "since".'],
  ['{ "facts": { "lbIdleSeconds": 1.5 } }', '1:31 "facts.lbIdleSeconds" must be a whole number.'],
  ['{ "facts": { "db": { "maxConnections": 0 } } }', '1:40 "facts.db.maxConnections" must be at least 1.'],
  ['{ "exclude": [], "exclude": [] }', '1:18 "exclude" occurs twice.'],
  ['{ "overrides": [{ "files": [] }] }', '1:28 "overrides[0].files" must not be empty.'],
];

test('what is wrong is said with its place', () => {
  for (const [text, message] of wrong) {
    assert.deepEqual(complaints(text), [message], text);
  }
});

test('a file with a mistake gives no settings at all', () => {
  const { config, problems } = parseConfig('c', '{ "failOn": "never", "rulez": {} }', IDS);
  assert.equal(config, undefined);
  assert.equal(problems[0]?.code, 'invalid-config');
});

test('rules that exist elsewhere are accepted when no list is given', () => {
  assert.deepEqual(parseConfig('c', '{ "rules": { "team/own-rule": "hint" } }').problems, []);
});

test('any text gives a result, never an exception', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"rules"',
    '"exclude"',
    ':',
    ',',
    '"a"',
    '1',
    'null',
    '//',
    '/*',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const { config, problems } = parseConfig('c', pieces.join(''), IDS);
      assert.equal(config === undefined, problems.length > 0);
    }),
  );
});
