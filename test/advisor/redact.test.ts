import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createRedactor, PLACEHOLDER } from '../../src/advisor/redact.ts';
import { PEM, SECRETS } from './samples.ts';

function redact(text: string, file = 'src/app.ts'): string {
  return createRedactor().redact(text, file);
}

function assertGone(text: string, secret: string): void {
  for (let at = 0; at + 12 <= secret.length; at += 4) {
    const part = secret.slice(at, at + 12);
    assert.ok(!text.includes(part), `a part of the secret is left: ${part} in\n${text}`);
  }
}

describe('redaction', () => {
  for (const [kind, secret] of Object.entries(SECRETS)) {
    it(`hides a ${kind} wherever it stands, and names it`, () => {
      for (const text of [
        `const x = '${secret}';`,
        `// ${secret}`,
        `f("${secret}", 1)`,
        `X=${secret}\n`,
        `\`a ${secret} b\``,
      ]) {
        const result = redact(text);
        assertGone(result, secret);
        assert.match(result, PLACEHOLDER);
      }
      assert.equal(redact(`load('${secret}')`), `load('<redacted:${kind}#1>')`);
    });
  }

  const named: readonly [string, string][] = [
    [`const password = 'hunter2!';`, 'hunter2!'],
    [`const secret: string = "s3cr3t-value";`, 's3cr3t-value'],
    [`session({ secret: 'keyboard cat' })`, 'keyboard cat'],
    [`process.env.JWT_SECRET || 'dev-only-secret'`, 'dev-only-secret'],
    [`process.env['API_KEY'] ?? "fallback-key"`, 'fallback-key'],
    [`{ "clientSecret": "abcd-efgh-ijkl" }`, 'abcd-efgh-ijkl'],
    [`if (req.headers['x-api-key'] === 'letmein-now')`, 'letmein-now'],
    [`res.setHeader('x-api-key', 'letmein-42')`, 'letmein-42'],
    [`jwt.sign({ id }, 'not-so-secret')`, 'not-so-secret'],
    [`createHmac('sha256', 'pepper and salt')`, 'pepper and salt'],
    [`connect('postgres://app:s3cr3tpw@db.internal/shop')`, 's3cr3tpw'],
    [`redis://:p4ssw0rdp4ss@cache:6379`, 'p4ssw0rdp4ss'],
    [`headers: { Authorization: 'Basic YWRtaW46c2VjcmV0MTIz' }`, 'YWRtaW46c2VjcmV0MTIz'],
    [`exec('PGPASSWORD=abc123def psql')`, 'abc123def'],
    [`'Server=db;AccountKey=Zm9vYmFyMTIzNDU2;'`, 'Zm9vYmFyMTIzNDU2'],
    [`const dbPassword = 'it\\'s a secret'`, "it\\'s a secret"],
    [`const k = 'tR7xQ2mK9vB4nW8zL5cJ3hF6';`, 'tR7xQ2mK9vB4nW8zL5cJ3hF6'],
    [`const k = '8f14e45fceea167a5a36dedd4bea2543';`, '8f14e45fceea167a5a36dedd4bea2543'],
  ];
  for (const [text, value] of named) {
    it(`hides the value in ${text}`, () => {
      const result = redact(text);
      assert.ok(!result.includes(value), result);
      assert.match(result, PLACEHOLDER);
    });
  }

  const config: readonly [string, string, string][] = [
    ['compose.yaml', 'environment:\n  POSTGRES_PASSWORD: hunter2hunter\n', 'hunter2hunter'],
    ['Dockerfile', 'FROM node\nENV API_TOKEN abcdefgh\n', 'abcdefgh'],
    ['deploy.yaml', 'env:\n  - name: DB_PASSWORD\n    value: opensesame\n', 'opensesame'],
    ['app.properties', 'db.password=changeit1\n', 'changeit1'],
    ['secret.yaml', 'apiVersion: v1\nkind: Secret\nstringData:\n  anything: plain words\n', 'plain words'],
    ['two.yaml', 'kind: ConfigMap\ndata:\n  a: open\n---\nkind: Secret\ndata:\n  b: Y2xvc2Vk\n', 'Y2xvc2Vk'],
    ['block.yaml', 'kind: Secret\nstringData:\n  cert: |\n    line one\n    line two\n', 'line two'],
  ];
  for (const [file, text, value] of config) {
    it(`hides ${value} in ${file}`, () => {
      const result = redact(text, file);
      assert.ok(!result.includes(value), result);
    });
  }

  it('leaves the rest of a ConfigMap beside a Secret alone', () => {
    assert.ok(
      redact('kind: ConfigMap\ndata:\n  a: open\n---\nkind: Secret\ndata:\n  b: Y2xvc2Vk\n', 'a.yaml').includes(
        'a: open',
      ),
    );
  });

  it('leaves ordinary code alone', () => {
    const code = `import { token } from './token';
const secret = process.env.JWT_SECRET;
const key = await getKey(config.apiKey);
app.post('/password/reset', requireAuth, resetPassword);
const url = \`postgres://\${user}:\${password}@\${host}\`;
type Login = { password: string; token?: string };
const id = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
uses: actions/checkout@8f4b7f84864484a7bf31766abe9204da3cbe65b3
router.get('/users/:userId/orders/:orderId/items', listOrderItemsOfUser);
const fields = ['password', 'email', 'nickname'];
if (inputKey === '__proto__' || typeof secret === 'string') continue;
const parts = Buffer.from(token, 'base64').toString();
const nextToken = \`\${last.name}/\${last.version}\`;
import { storageS3RequestChecksumCalculation, generateRequestBodyExampleFromOpenAPIV2Body } from './s3';
`;
    assert.equal(redact(code), code);
  });

  it('gives the same secret the same placeholder, in every text', () => {
    const redactor = createRedactor();
    const [key, other] = [SECRETS['aws-key']!, `AKI${'A'}ZZZZMN5HHHFPZAM2`];
    assert.equal(
      redactor.redact(`a('${key}'); b('${other}'); c('${key}')`),
      "a('<redacted:aws-key#1>'); b('<redacted:aws-key#2>'); c('<redacted:aws-key#1>')",
    );
    assert.equal(redactor.redact(key), '<redacted:aws-key#1>');
    assert.deepEqual(redactor.redactions, [{ kind: 'aws-key', values: 2, places: 4 }]);
  });

  it('hides a learnt value where no pattern would see it', () => {
    const redactor = createRedactor();
    redactor.learn("const password = 'correct horse';");
    assert.equal(
      redactor.redact('The value correct horse is in the code.'),
      'The value <redacted:named-secret#1> is in the code.',
    );
  });

  it('does not take a weak password for a name in the code', () => {
    const redactor = createRedactor();
    redactor.learn("const user = { password: 'password' };");
    assert.equal(redactor.redact('check(password)'), 'check(password)');
    assert.ok(!redactor.redact("It is 'password'.").includes("'password'"));
  });

  it('keeps the number of lines when a key spans several', () => {
    const text = `a\n${PEM}\nb\r\nc`;
    const result = redact(text);
    assertGone(result, PEM.split('\n')[1]!);
    assert.equal(result.split('\n').length, text.split('\n').length);
    assert.equal(result.split('\n').at(-2), 'b\r');
  });

  it('hides a key that lost its end', () => {
    assertGone(redact(PEM.slice(0, 150)), PEM.slice(32, 120));
  });

  it('is stable on its own output', () => {
    const redactor = createRedactor();
    const once = redactor.redact(
      Object.values(SECRETS)
        .map(secret => `const token = '${secret}';`)
        .join('\n'),
    );
    assert.equal(createRedactor().redact(once), once);
  });

  it('lets none of the secrets through at any position of any text', () => {
    const noise = fc.string({
      unit: fc.constantFrom(
        'a',
        'Z',
        '0',
        ' ',
        '\n',
        '\r\n',
        '(',
        ')',
        '=',
        ':',
        ';',
        ',',
        '.',
        '/',
        '{',
        '}',
        '\\',
        '"',
        "'",
        '`',
      ),
      maxLength: 60,
    });
    const secret = fc.constantFrom(...Object.values(SECRETS), PEM);
    fc.assert(
      fc.property(
        noise,
        secret,
        noise,
        secret,
        noise,
        fc.constantFrom('a.ts', 'a.yaml', 'Dockerfile'),
        (a, one, b, two, c, file) => {
          const result = redact(`${a} ${one} ${b} ${two} ${c}`, file);
          assertGone(result, one.split('\n')[1] ?? one);
          assertGone(result, two.split('\n')[1] ?? two);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('takes no more than moments on hostile text', () => {
    const started = performance.now();
    for (const piece of [
      '-----BEGIN PRIVATE KEY-----',
      'a.',
      'secret ',
      'apiKey= ',
      '"token":',
      'x://',
      'eyJ',
      '__',
      'name: a_',
      '\\',
      "password: '\\\\",
    ]) {
      redact(piece.repeat(100_000 / piece.length), 'a.yaml');
    }
    assert.ok(performance.now() - started < 20_000, `${performance.now() - started} ms`);
  });
});
