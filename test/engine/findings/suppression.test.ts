import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { suppress } from '../../../src/engine/findings/suppress.ts';
import { readSuppressions } from '../../../src/engine/findings/suppression.ts';
import { draftWith, spanOf } from '../../harness/finding.ts';

const RULES = new Map(
  ['security/missing-auth', 'api/unvalidated-input', 'containers/root-user'].map(id => [
    id,
    { theme: 'security', benefits: ['security'] } as const,
  ]),
);

/** Suppresses one finding of `ruleId` at `>>…<<` in the text; answers what became of it and what was reported. */
function run(file: string, marked: string, ruleId = 'security/missing-auth', active = true) {
  const start = marked.indexOf('>>');
  const text = marked.replace('>>', '').replace('<<', '');
  const end = marked.replace('>>', '').indexOf('<<');
  const drafts = start < 0 ? [] : [draftWith({ ruleId, span: { file, start, end } })];
  const result = suppress(drafts, readSuppressions(file, text), { rules: RULES, isActive: () => active });
  return {
    suppression: result.drafts[0]?.suppression,
    hygiene: result.hygiene.map(({ ruleId: id, span }) => `${id} ${text.slice(span.start, span.end)}`),
  };
}

const speaks: readonly (readonly [string, string])[] = [
  ['a.ts', '// underpin-ignore security/missing-auth -- open\n>>app.post<<()'],
  ['a.ts', '>>app.post<<() // underpin-ignore security/missing-auth -- open'],
  ['a.ts', '// underpin-ignore: security/missing-auth -- open\r\n\r\n// note\r\n/* more */\r\n>>app.post<<()'],
  [
    'a.ts',
    "// underpin-ignore security/missing-auth -- open\n@Post('/x)') // hm )\n@Use({\n a: [1] })\n>>create<<() {}",
  ],
  ['a.ts', '// underpin-ignore security/missing-auth -- open\n>>@Post()<<\ncreate() {}'],
  ['a.ts', '/* underpin-ignore security/missing-auth -- open */ >>x<<()'],
  ['a.ts', '/**\n * underpin-ignore security/missing-auth -- open\n */\n>>x<<()'],
  [
    'a.ts',
    '// underpin-ignore security/missing-auth -- open\n// underpin-ignore api/unvalidated-input -- late\n>>x<<()',
  ],
  ['a.ts', '>>x(\n  y\n)<<; // underpin-ignore security/missing-auth -- open'],
  ['a.ts', '// underpin-ignore security/missing-auth -- open\ndb.query(`select\n where a = >>${id}<<\n`)'],
  ['a.ts', '// underpin-ignore security/missing-auth -- open\nf(`a ${ { b: `}` } }\n`, `c\n>>d<<`)'],
  ['a.tsx', '{/* underpin-ignore security/missing-auth -- open */}\n<A b={>>x<<} />'],
  ['k8s/a.yaml', 'a:\n  # underpin-ignore security/missing-auth -- open\n  >>b: 1<<'],
  ['k8s/a.yaml', 'a: >>1<< # underpin-ignore security/missing-auth -- open'],
  ['Dockerfile', '# underpin-ignore security/missing-auth -- open\n>>USER root<<'],
  ['a.sql', '-- underpin-ignore security/missing-auth -- open\n>>select<< 1'],
  ['a.md', '<!-- underpin-ignore security/missing-auth -- open -->\n\n>>text<<'],
  ['wrangler.jsonc', '{\n  // underpin-ignore security/missing-auth -- open\n  >>"a"<<: 1 }'],
  ['.env', '# underpin-ignore security/missing-auth -- open\n>>A=b<<'],
];

test('a comment speaks for its line or the next code, in the form of each file', () => {
  for (const [file, text] of speaks) {
    const { suppression } = run(file, text);
    assert.equal(suppression?.kind, 'comment', text);
    assert.equal(suppression?.reason, 'open', text);
  }
});

const silent: readonly (readonly [string, string])[] = [
  ['a.ts', '// underpin-ignore security/missing-auth -- open\nfirst();\n>>second<<()'],
  ['a.ts', '// underpin-ignore security/missing-auth -- open\nf(`a\n`);\n>>b<<()'],
  ['a.ts', "// underpin-ignore security/missing-auth -- open\nf('`'); // `\n>>b<<(`x`)"],
  ['a.ts', '// underpin-ignore security/missing-auth -- open\nf(`never closed\n>>b<<()'],
  ['a.ts', 'const s = "// underpin-ignore security/missing-auth -- open";\n>>x<<()'],
  ['a.ts', 'first(); // underpin-ignore security/missing-auth -- open\n>>second<<()'],
  ['a.ts', '// underpin-ignored security/missing-auth -- open\n>>x<<()'],
  ['a.ts', '// see underpin-ignore security/missing-auth -- open\n>>x<<()'],
  ['a.ts', '>>x<<()\n// underpin-ignore security/missing-auth -- open\n'],
  ['package.json5x', '// underpin-ignore security/missing-auth -- open\n>>x<<()'],
];

test('a comment does not reach further than that', () => {
  for (const [file, text] of silent) assert.equal(run(file, text).suppression, undefined, text);
});

test('several rules, reasons with dashes and missing reasons', () => {
  const both = run('a.ts', '// underpin-ignore api/unvalidated-input, security/missing-auth -- a -- b\n>>x<<()');
  assert.equal(both.suppression?.reason, 'a -- b');
  assert.deepEqual(both.hygiene, ['underpin/unused-suppression api/unvalidated-input']);

  const bare = run('a.ts', '// underpin-ignore security/missing-auth\n>>x<<()');
  assert.equal(bare.suppression?.kind, 'comment');
  assert.deepEqual(bare.hygiene, ['underpin/suppression-without-reason security/missing-auth']);
});

test('unused, misspelt and empty comments are reported at the smallest place', () => {
  assert.deepEqual(run('a.ts', '// underpin-ignore security/missing-auth -- x\nfoo()').hygiene, [
    'underpin/unused-suppression security/missing-auth',
  ]);
  assert.deepEqual(run('a.ts', '// underpin-ignore security/mising-auth -- x\n>>foo<<()').hygiene, [
    'underpin/unknown-suppressed-rule security/mising-auth',
  ]);
  assert.deepEqual(run('a.ts', '// underpin-ignore\n>>foo<<()').hygiene, [
    'underpin/unknown-suppressed-rule // underpin-ignore',
  ]);
});

test('a comment for a rule that is off is not called unused', () => {
  assert.deepEqual(run('a.ts', '// underpin-ignore security/missing-auth -- x\nfoo()', 'x', false).hygiene, []);
});

test('ranges of a real parser are taken instead of the scanner', () => {
  const text = '<p>// underpin-ignore security/missing-auth -- x</p>';
  assert.equal(readSuppressions('a.tsx', text).length, 1);
  assert.deepEqual(readSuppressions('a.tsx', text, []), []);
});

test('what is read is plain data', () => {
  const text = '// underpin-ignore security/missing-auth -- x\nfoo()';
  const read = readSuppressions('a.ts', text);
  assert.deepEqual(JSON.parse(JSON.stringify(read)), read);
  assert.deepEqual(read[0]?.rules[0], {
    id: 'security/missing-auth',
    ...offsets(spanOf('a.ts', text, 'security/missing-auth')),
  });
});

test('any text is read without throwing, also cut off anywhere', () => {
  const piece = fc.constantFrom(
    '// underpin-ignore ',
    'security/missing-auth',
    ' -- ',
    '\n',
    '@A(',
    ')',
    '{',
    '}',
    '`',
    '"',
    '/*',
    '*/',
    'x',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const text = pieces.join('');
      for (const comment of readSuppressions('a.ts', text)) {
        assert.ok(comment.span.end <= text.length);
        if (comment.target) assert.ok(comment.target.start <= comment.target.end && comment.target.end <= text.length);
      }
    }),
  );
});

function offsets({ start, end }: { start: number; end: number }): { start: number; end: number } {
  return { start, end };
}
