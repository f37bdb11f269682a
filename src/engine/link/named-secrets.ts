import { wordsOf } from '../../common/words.ts';
import type { ValueShape } from '../model/artefacts/project.ts';
import type { Expr } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { eachExprIn, eachStmt } from './env.ts';
import type { Model } from './model.ts';

/** A string that only its name gives away as a secret. */
export interface NamedSecret {
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

const OWNERS = new Set(
  'api access auth secret private signing encryption jwt session client master admin bearer'.split(' '),
);
const ALONE = new Set(['password', 'passwd', 'passphrase', 'secret', 'apikey', 'clientsecret']);
const NO_SECRET_NAME = new Set(
  'public publishable example sample test mock fake dummy demo placeholder header name label field param path url type event prefix regex message error hint title'.split(
    ' ',
  ),
);
const NO_SECRET =
  /^[A-Z0-9_]+$|\s|:\/\/|^\/|[{}<>$]|change|your|xxx|\*\*\*|1234|example|placeholder|dummy|sample|secret|token|password|key/i;

/** String literals under names of secrets whose text looks random; names alone prove nothing. */
export function namedSecrets(model: Model): NamedSecret[] {
  const out: NamedSecret[] = [];
  for (const [file, facts] of model.project.sources) {
    if (facts.generated || !model.isJudged(file)) continue;
    const add = (name: string, value: Expr | undefined): void => {
      const e = value?.k === 'as' ? value.e : value;
      if (e?.k !== 'str' || e.v.length < 16 || !isSecretName(name) || !looksRandom(e.v)) return;
      out.push({ name, text: e.v, span: { file, start: e.p[0], end: e.p[1] } });
    };
    for (const fn of facts.functions) {
      eachStmt(fn.body, stmt => {
        if (stmt.k === 'let' && stmt.pat.k === 'pid') add(stmt.pat.n, stmt.v);
      });
      eachExprIn(fn, e => {
        if (e.k === 'obj') for (const prop of e.props) if (prop.k === 'prop') add(prop.n, prop.v);
        if (e.k === 'assign' && e.l.k === 'mem') add(e.l.n, e.r);
      });
    }
    for (const cls of facts.classes) for (const member of cls.members) add(member.n, member.init);
  }
  return out;
}

export interface NamedPlace {
  readonly name: string;
  readonly span: Span;
}

/** Environment files for production, not templates, with the variables whose values look live. */
export function liveEnvFiles({ project }: Model): { readonly file: string; readonly live: readonly NamedPlace[] }[] {
  return project.artefactsOf('env-file').flatMap(({ path, facts }) => {
    if (facts.template || !/(?:^|\/)\.env(?:\.prod\w*)?$/.test(path) || project.roleOf(path) !== 'source') return [];
    const live = facts.variables
      .filter(({ name, value }) => isLive(name.value, value))
      .map(({ name }) => ({ name: name.value, span: { file: path, start: name.start, end: name.end } }));
    return live.length ? [{ file: path, live }] : [];
  });
}

function isLive(name: string, { shape, length, entropy }: ValueShape): boolean {
  if (shape === 'pem') return true;
  const isSecret = /(?:SECRET|TOKEN|PASSWORD|PRIVATE_KEY|API_KEY|ACCESS_KEY)(?:_|$)/.test(name);
  if (!isSecret || /PUBLIC|PUBLISHABLE|_TTL|_URL|EXPIR/.test(name)) return false;
  return ['hex', 'base64', 'jwt', 'text'].includes(shape) && length >= 20 && entropy >= 3.5;
}

function isSecretName(name: string): boolean {
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (words.some(word => NO_SECRET_NAME.has(word))) return false;
  return ALONE.has(last) || (['key', 'token', 'secret'].includes(last) && OWNERS.has(words.at(-2) ?? ''));
}

/** At least two classes of characters and 3.5 bits each, as gitleaks asks of values without a format. */
function looksRandom(text: string): boolean {
  const isUuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
  return !isUuid && /[a-z]/i.test(text) && /\d/.test(text) && !NO_SECRET.test(text) && entropyOf(text) >= 3.5;
}

/** Shannon entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
