import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ANSWER_SCHEMA, type Draft, parseAnswer } from '../../src/advisor/answer.ts';
import { createDenyList } from '../../src/advisor/deny.ts';
import { toChange } from '../../src/advisor/edits.ts';
import { APP, AUTH, applyChange } from './samples.ts';

const DRAFT: Draft = {
  summary: 'Ask for a caller.',
  edits: [
    {
      file: 'src/app.ts',
      find: "app.post('/orders', createOrder);",
      replace: "app.post('/orders', requireAuth, createOrder);",
    },
  ],
  newFiles: [],
  notes: '',
};
const JSON_DRAFT = JSON.stringify(DRAFT);
const FILES: Readonly<Record<string, string>> = { 'src/app.ts': APP, 'src/auth.ts': AUTH };

function convert(draft: Partial<Draft>, files = FILES) {
  const context = {
    files: ['src/app.ts', 'src/auth.ts'],
    deny: createDenyList(),
    text: async (file: string) => files[file],
  };
  return toChange({ ...DRAFT, ...draft }, context);
}

async function reasonsOf(draft: Partial<Draft>, files = FILES): Promise<string> {
  const result = await convert(draft, files);
  assert.ok('reasons' in result, 'the draft must be refused');
  return result.reasons.join(' ');
}

describe('answer', () => {
  const forms: Record<string, string> = {
    bare: JSON_DRAFT,
    fenced: `Sure!\n\`\`\`json\n${JSON_DRAFT}\n\`\`\`\nDone.`,
    'after thoughts': `<think>{"edits": nonsense {</think>\n${JSON_DRAFT}`,
    'after code with braces': `The function f() { return {}; } is open.\n${JSON_DRAFT}`,
    'with a trailing comma': `${JSON_DRAFT.slice(0, -1)},}`,
    'pretty, with a raw line break in a string': JSON_DRAFT.replace('Ask for a caller.', 'Ask for a caller.\nNow.'),
  };
  for (const [name, text] of Object.entries(forms)) {
    it(`is read ${name}`, () => assert.deepEqual(parseAnswer(text)?.edits, DRAFT.edits));
  }
  it('may leave out what is optional', () =>
    assert.deepEqual(parseAnswer('{"edits":[]}'), { summary: '', edits: [], newFiles: [], notes: '' }));

  for (const text of ['', 'I cannot.', '{', '{"edits": "all"}', JSON_DRAFT.slice(0, -20), '[]', '{}']) {
    it(`is not made up from ${text || 'nothing'}`, () => assert.equal(parseAnswer(text), undefined));
  }
  it('does not throw or hang on any text', () => {
    const unit = fc.constantFrom('{', '}', '"', '\\', '[', ',', 'edits', ':', '\n', 'x');
    fc.assert(fc.property(fc.string({ unit, maxLength: 2000 }), text => void parseAnswer(text)));
    parseAnswer('{'.repeat(200_000));
  });
  it('asks for every property, as strict structured output requires', () => {
    assert.deepEqual(ANSWER_SCHEMA['required'], ['summary', 'edits', 'newFiles', 'notes']);
    assert.equal(ANSWER_SCHEMA['additionalProperties'], false);
  });
});

describe('edits', () => {
  it('become offsets on the current text', async () => {
    const result = await convert({});
    assert.ok('change' in result);
    assert.equal(
      applyChange(FILES, result.change)['src/app.ts'],
      APP.replace('createOrder', 'requireAuth, createOrder'),
    );
  });

  it('keep the line ends of the file', async () => {
    const files = { 'src/app.ts': APP.replaceAll('\n', '\r\n') };
    const find = "const app = express();\n\napp.get('/orders'";
    const result = await convert({ edits: [{ file: 'src/app.ts', find, replace: `// one\n// two\n${find}` }] }, files);
    assert.ok('change' in result);
    const text = applyChange(files, result.change)['src/app.ts']!;
    assert.ok(text.includes('// one\r\n// two\r\nconst app'));
    assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
  });

  const refused: [string, Partial<Draft>, RegExp][] = [
    [
      'a snippet that is not there',
      { edits: [{ file: 'src/app.ts', find: 'nothing', replace: 'x' }] },
      /does not occur/,
    ],
    [
      'a snippet that is there twice',
      { edits: [{ file: 'src/app.ts', find: 'requireAuth', replace: 'x' }] },
      /more than once/,
    ],
    ['an empty snippet', { edits: [{ file: 'src/app.ts', find: ' \n', replace: 'x' }] }, /empty/],
    ['a file that was not shown', { edits: [{ file: 'src/other.ts', find: 'a', replace: 'x' }] }, /not part/],
    [
      'a placeholder in the new text',
      { edits: [{ ...DRAFT.edits[0]!, replace: "f('<redacted:aws-key#1>')" }] },
      /redacted/,
    ],
    [
      'a placeholder in the snippet',
      { edits: [{ ...DRAFT.edits[0]!, find: "f('<redacted:aws-key#1>')" }] },
      /redacted/,
    ],
    [
      'two edits of the same text',
      { edits: [DRAFT.edits[0]!, { ...DRAFT.edits[0]!, find: "post('/orders'" }] },
      /same text/,
    ],
    ['a new file outside', { newFiles: [{ file: '../x.ts', text: '' }] }, /not inside/],
    ['a new file at an absolute path', { newFiles: [{ file: '/etc/x.ts', text: '' }] }, /not inside/],
    ['a new file on a drive', { newFiles: [{ file: 'C:\\x.ts', text: '' }] }, /not inside/],
    ['a new file that the editor would run', { newFiles: [{ file: '.vscode/tasks.json', text: '' }] }, /may not/],
    ['a new workflow', { newFiles: [{ file: '.github/workflows/a.yml', text: '' }] }, /may not/],
    ['a new package.json', { newFiles: [{ file: 'a/package.json', text: '{}' }] }, /may not/],
    ['a new shell script', { newFiles: [{ file: 'run.sh', text: '' }] }, /may not/],
    ['a new .env', { newFiles: [{ file: '.env', text: 'A=1' }] }, /may not/],
    ['a new file that exists', { newFiles: [{ file: 'src/auth.ts', text: '' }] }, /exists/],
    ['a new file with a placeholder', { newFiles: [{ file: 'src/k.ts', text: "'<redacted:jwt#2>'" }] }, /redacted/],
    [
      'a file created twice',
      {
        newFiles: [
          { file: 'a.ts', text: '' },
          { file: 'a.ts', text: '' },
        ],
      },
      /twice/,
    ],
  ];
  for (const [name, draft, reason] of refused) {
    it(`are refused for ${name}`, async () => assert.match(await reasonsOf(draft), reason));
  }

  it('are all or nothing', async () => {
    const reasons = await reasonsOf({ edits: [DRAFT.edits[0]!, { file: 'src/app.ts', find: 'nothing', replace: '' }] });
    assert.match(reasons, /^Edit 2:/);
  });

  it('apply to an exact snippet only if it is unique', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (content, find, replace) => {
        const result = await convert({ edits: [{ file: 'src/app.ts', find, replace }] }, { 'src/app.ts': content });
        const places = [...content].filter((_, at) => content.startsWith(find, at)).length;
        assert.equal('change' in result, places === 1 && find.trim() !== '');
        if ('change' in result) {
          const after = applyChange({ 'src/app.ts': content }, result.change)['src/app.ts'];
          assert.equal(after, content.split(find).join(replace));
        }
      }),
      { numRuns: 500 },
    );
  });
});
