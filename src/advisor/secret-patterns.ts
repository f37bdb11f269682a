import { entropyOf } from '../common/secret-names.ts';

/**
 * Shapes of secrets. For a prompt a false alarm costs a placeholder and a miss costs a rotation, so these patterns are
 * wider than the rule that reports secrets. Group `v` is the secret; without it the whole match is.
 */
export interface SecretPattern {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Where the pattern applies; unquoted values would eat code, so they count in configuration only. */
  readonly only?: 'config';
  readonly accept?: (value: string) => boolean;
}

const NAME =
  '(?:(?:api|app|access|account|auth|shared|shared[_-]?access|secret|private|signing|signature|encryption|crypto|master|admin|service|session|cookie|jwt|hmac|webhook)[_-]?(?:key|token|secret|salt)s?' +
  '|secrets?|\\w{0,12}(?:passw(?:or)?d|passphrase)|pwd|passcode|pass|tokens?|credentials?|connection[_-]?string|dsn)';
/** A name that ends in a secret word, as written in code or configuration, with the quote or bracket that closes it. */
const NAMED = `(?<![A-Za-z])(?:[\\w.-]{0,40}[_.-])?${NAME}(?:[_-]?(?:value|string|base64|b64|hex|raw|default|dev|prod|test|[0-9]))?["'\`\\])]{0,3}`;
const CAMEL =
  '(?<![A-Za-z])[a-z]\\w{0,40}(?:(?:Api|Access|Account|Auth|Shared|Secret|Private|Signing|Encryption|Master|Admin|Service|Session|Hmac|Webhook)Key|Token|Secret|Password|Passwd|Pwd|Passphrase|Credentials?|ConnectionString)["\'`\\])]{0,3}';
const ASSIGN = '\\s{0,8}(?:!?:\\s{0,8}[\\w<>|[\\] ]{1,40}=|[:=]>?|\\?\\?=?|\\|\\|=?|[!=]==?)\\s{0,8}';
const QUOTED = '(?<q>["\'`])(?<v>(?:\\\\.|(?!\\k<q>)[^\\\\\\n]){4,400})\\k<q>';

export const SECRET_PATTERNS: readonly SecretPattern[] = [
  {
    kind: 'private-key',
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]{0,20000}?-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|[A-Za-z0-9+/=\s\\]*)/g,
  },
  { kind: 'jwt', pattern: /(?<![A-Za-z0-9])ey[JA][A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}/g },
  {
    kind: 'url-credentials',
    pattern: /[a-z][a-z0-9+.-]{1,30}:\/\/[^\s:@/'"`<>]{0,200}:(?<v>[^\s@/'"`<>]{1,400})@/gi,
    accept: value => !/^\$\{[^}]*\}$/.test(value),
  },
  { kind: 'aws-key', pattern: /(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}/g },
  { kind: 'github-token', pattern: /gh[pousr]_\w{36,}|github_pat_\w{22,}/g },
  { kind: 'gitlab-token', pattern: /gl(?:pat|ptt|dt|rt|cbt|ft|soat)-[\w-]{20,}/g },
  {
    kind: 'slack-token',
    pattern:
      /xox[bpears](?:\.xox[bp])?-[\w-]{10,}|xapp-[\w-]{10,}|hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/+-]{10,}/g,
  },
  { kind: 'stripe-key', pattern: /(?:sk|rk|pk)_(?:live|prod|test)_\w{10,}|whsec_[\w+/=]{16,}/g },
  { kind: 'anthropic-key', pattern: /sk-ant-[\w-]{16,}/g },
  { kind: 'openai-key', pattern: /(?<![A-Za-z])sk-[\w-]{16,}/g },
  { kind: 'google-key', pattern: /AIza[\w-]{35}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,}/g },
  { kind: 'huggingface-token', pattern: /(?<![A-Za-z0-9])(?:hf|api_org)_[A-Za-z0-9]{20,}/g },
  { kind: 'sendgrid-key', pattern: /SG\.[\w-]{16,}\.[\w-]{16,}/g },
  { kind: 'twilio-key', pattern: /(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}/g },
  { kind: 'shopify-token', pattern: /shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g },
  { kind: 'npm-token', pattern: /npm_\w{36}|(?<=_authToken=)(?<v>[^\s"'$]{8,})/g },
  { kind: 'square-token', pattern: /sq0[a-z]{3}-[\w-]{22,}|EAAA[\w-]{60}/g },
  { kind: 'digitalocean-token', pattern: /do[opr]_v1_[0-9a-f]{32,}/g },
  { kind: 'databricks-token', pattern: /dapi[0-9a-f]{32}/g },
  { kind: 'planetscale-token', pattern: /pscale_(?:pw|tkn|oauth)_[\w.=-]{20,}/g },
  { kind: 'sentry-token', pattern: /sntr(?:ys|yu)_[\w+/=-]{20,}/g },
  { kind: 'vault-token', pattern: /(?<![A-Za-z0-9])hv[sb]\.[\w-]{20,}/g },
  { kind: 'doppler-token', pattern: /dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{16,}/g },
  { kind: 'linear-key', pattern: /lin_(?:api|oauth)_\w{32,}/g },
  { kind: 'notion-token', pattern: /ntn_\w{30,}/g },
  { kind: 'postman-key', pattern: /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/g },
  { kind: 'perplexity-key', pattern: /pplx-\w{32,}/g },
  { kind: 'azure-secret', pattern: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}/g },
  {
    kind: 'authorization',
    pattern: /\b(?:Bearer|Basic|Token|ApiKey)\s{1,4}(?<v>[A-Za-z0-9._~+/=-]{12,})/gi,
    accept: value => /\d/.test(value) || entropyOf(value) >= 3.5,
  },
  { kind: 'named-secret', pattern: new RegExp(`${NAMED}${ASSIGN}${QUOTED}`, 'gi'), accept: isLiteral },
  { kind: 'named-secret', pattern: new RegExp(`${CAMEL}${ASSIGN}${QUOTED}`, 'g'), accept: isLiteral },
  // setHeader('x-api-key', 'value'): a list of field names looks alike, so the value needs a digit.
  {
    kind: 'named-secret',
    pattern: new RegExp(`${NAMED}\\s{0,8},\\s{0,8}${QUOTED}`, 'gi'),
    accept: value => /\d/.test(value) && isLiteral(value),
  },
  {
    kind: 'key-argument',
    pattern: /\b(?:jwt|jsonwebtoken|JWT)\.(?:sign|verify)\(\s*[^,\n]{1,200},\s*(?<q>["'`])(?<v>[^'"`\n]{4,200})\k<q>/g,
    accept: isLiteral,
  },
  {
    kind: 'key-argument',
    pattern: /\bcreate(?:Hmac|Cipheriv|Decipheriv)\(\s*[^,\n]{1,60},\s*(?<q>["'`])(?<v>[^'"`\n]{4,200})\k<q>/g,
    accept: isLiteral,
  },
  // NAME=value inside shell lines, connection strings and query strings.
  {
    kind: 'named-secret',
    pattern: new RegExp(`${NAMED}=(?<v>[^\\s'"\`;,&(){}<>$]{6,400})`, 'gi'),
    accept: value => /\d/.test(value) && entropyOf(value) >= 2.5,
  },
  {
    kind: 'named-secret',
    only: 'config',
    pattern: new RegExp(`${NAMED}[ \\t]*[:= ][ \\t]*(?<v>[^\\s'"\`#$<{\\[&*|>][^\\n]{2,400})`, 'gi'),
    accept: value => !/^(?:true|false|null|required|optional|string|\$\{\{)/i.test(value),
  },
  {
    kind: 'named-secret',
    only: 'config',
    pattern: new RegExp(
      `name:[ \\t]*["']?[\\w.-]{0,60}${NAME}["']?[ \\t]*\\r?\\n[ \\t]*value:[ \\t]*(?<v>[^\\n$]{3,400})`,
      'gi',
    ),
  },
  {
    kind: 'high-entropy',
    pattern: /(?<=["'`=\s:])(?<v>[A-Za-z0-9+/_-]{24,200}={0,2})(?=["'`\s;,]|$)/g,
    accept: looksRandom,
  },
  // A digest that pins something (`@<sha>`, `sha256:<digest>`) is public.
  {
    kind: 'high-entropy',
    pattern: /(?<![\w@:-])(?<v>[0-9a-f]{32,200})(?!\w)/gi,
    accept: value => entropyOf(value) >= 3,
  },
];

/** Words that stand where a secret might: results of `typeof`, encodings. */
const VOCABULARY =
  /^(?:string|number|boolean|undefined|object|function|symbol|bigint|base64(?:url)?|utf-?8|hex|ascii|latin1|binary|buffer|__proto__)$/i;

/** Text that is mostly interpolation, a word of the language, or an environment variable's name, is no secret. */
function isLiteral(value: string): boolean {
  const fixed = value.replace(/\$\{[^}]*\}/g, '');
  return fixed.length >= 4 && !VOCABULARY.test(value) && !/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value);
}

function looksRandom(value: string): boolean {
  if (!/\d/.test(value) || !/[a-z]/.test(value) || !/[A-Z]/.test(value)) return false;
  const body = value.replace(/=+$/, '');
  // A long identifier is made of words, a key is not.
  const words = body.match(/[a-z]{4,}/g)?.join('').length ?? 0;
  if (words > body.length * 0.4 || (body.match(/\//g)?.length ?? 0) > body.length / 12) return false;
  return entropyOf(body) >= (body.length >= 32 ? 4 : 3.9);
}
