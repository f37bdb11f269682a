import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commentStyle } from '../../../src/engine/findings/comment-style.ts';
import { scanComments } from '../../../src/engine/findings/comments.ts';

function commentsOf(file: string, text: string): string[] {
  return scanComments(commentStyle(file), text).map(({ start, end }) => text.slice(start, end));
}

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['a.ts', 'const a = "// no"; // yes\n/* b\n c */ x', ['// yes', '/* b\n c */']],
  ['a.ts', 'const a = `// no ${ b /* in */ + `// ${"//"}` } // no`; // yes', ['/* in */', '// yes']],
  ['a.ts', 'x = a / b; // one\ny = /[/]\\/"/g; // two', ['// one', '// two']],
  ['a.ts', 'return /"/.test(x) // one\nf(`${{ a: 1 }}`) // two', ['// one', '// two']],
  ['a.tsx', "<p>don't</p>\n{/* c */}\n<br /> // x", ['/* c */', '// x']],
  ['a.ts', "const broken = 'open\n// yes", ['// yes']],
  ['a.yaml', 'a: b # one\nb: "# no" # two\nc: http://x/#no\nd: don\'t # three', ['# one', '# two', '# three']],
  ['Dockerfile', 'RUN a # no\n  # yes\nRUN echo "#"', ['# yes']],
  ['docker/api.Dockerfile', '# yes', ['# yes']],
  ['.env.local', 'A=b#no\nB="# no" # yes\n# also', ['# yes', '# also']],
  ['a.toml', 'a = "# no" # yes\r\n', ['# yes\r']],
  ['a.sql', "select '-- no' -- yes\n/* b */ # underpin-ignore x", ['-- yes', '/* b */', '# underpin-ignore x']],
  ['a.md', 'text <!-- one\n-->\n<!-- two', ['<!-- one\n-->', '<!-- two']],
  ['a.jsonc', '{ "a": "// no" /* x */ } // yes', ['/* x */', '// yes']],
  ['schema.prisma', 'model A { // x', ['// x']],
  ['a.png', '// # -- <!-- -->', []],
  ['constructor', '// x', []],
];

test('comments are found in every form, and marks in strings are not', () => {
  for (const [file, text, expected] of cases) assert.deepEqual(commentsOf(file, text), expected, `${file}: ${text}`);
});

test('any text is scanned to ordered ranges inside it', () => {
  const junk = fc.string({
    unit: fc.constantFrom('/', '*', '`', '${', '}', '{', '"', "'", '\\', '\n', '#', '-', '<!--', '-->', 'a', ' '),
  });
  fc.assert(
    fc.property(junk, fc.constantFrom('a.ts', 'a.yml', 'Dockerfile', 'a.sql', 'a.md', '.env'), (text, file) => {
      let last = 0;
      for (const { start, end } of scanComments(commentStyle(file), text)) {
        assert.ok(start >= last && end > start && end <= text.length);
        last = end;
      }
    }),
  );
});
