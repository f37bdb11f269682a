import { isSecretName, looksRandom } from '../../../common/secret-names.ts';
import { eachStmt } from '../../link/env.ts';
import { expressionsWhere, perFile } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import type { ValueShape } from '../../model/artefacts/project.ts';
import type { Expr, ExprOf, FileFacts, Pattern } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

/** A string that only its name gives away as a secret. */
export interface NamedSecret {
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

/** gitleaks asks this of values without a format. */
const ENTROPY = 3.5;

/** String literals under names of secrets whose text looks random; names alone prove nothing. */
export function namedSecrets(model: Model): NamedSecret[] {
  const out: NamedSecret[] = [];
  for (const [file, facts] of model.project.sources)
    if (!facts.generated && model.isJudged(file)) out.push(...secretsIn(facts));
  return out;
}

const secretsIn = perFile((facts: FileFacts): readonly NamedSecret[] => {
  const out: NamedSecret[] = [];
  const add = (name: string, value: Expr | undefined): void => {
    const e = value?.k === 'as' ? value.e : value;
    if (e?.k !== 'str' || !isLong(e) || !isSecretName(name) || !looksRandom(e.v, ENTROPY)) return;
    // What its format gives away is told already.
    if (facts.secrets.some(({ p }) => e.p[0] <= p[0] && p[1] <= e.p[1])) return;
    out.push({ name, text: e.v, span: { file: facts.path, start: e.p[0], end: e.p[1] } });
  };
  for (const fn of facts.functions) {
    eachStmt(fn.body, stmt => {
      if (stmt.k === 'let' && stmt.pat.k === 'pid') add(stmt.pat.n, stmt.v);
    });
  }
  const shown = writing(facts).flatMap(({ e }) => (e.k === 'assign' && isExample(e.l) ? [e.r.p] : []));
  for (const { e } of writing(facts)) {
    if (shown.some(([start, end]) => start <= e.p[0] && e.p[1] <= end)) continue;
    if (e.k === 'obj' && !isForBrowsers(e)) for (const prop of e.props) if (prop.k === 'prop') add(prop.n, prop.v);
    if (e.k === 'assign' && e.l.k === 'mem') add(e.l.n, e.r);
  }
  for (const cls of facts.classes) for (const member of cls.members) add(member.n, member.init);
  return out;
});

/** Settings of services that pages search in or sign in with: the key among them is there to be seen by everyone. */
function isForBrowsers({ props }: ExprOf<'obj'>): boolean {
  const has = (pattern: RegExp): boolean => props.some(prop => prop.k === 'prop' && pattern.test(prop.n));
  return (
    (has(/^app(?:lication)?_?id$/i) && has(/^(?:index_?name|indices|auth_?domain|measurement_?id)$/i)) ||
    (has(/^x-algolia-application-id$/i) && has(/^x-algolia-agent$/i))
  );
}

/** `Schema.examples = [{ … }]` */
function isExample(target: Expr | Pattern): boolean {
  return target.k === 'mem' && /^examples?$/.test(target.n);
}

/** Where a long text is written under a name, and examples. */
const writing = expressionsWhere(['obj', 'assign'], e =>
  e.k === 'obj'
    ? e.props.some(prop => prop.k === 'prop' && isLong(prop.v))
    : e.k === 'assign' && e.l.k === 'mem' && (isLong(e.r) || isExample(e.l)),
);

function isLong(e: Expr): boolean {
  return e.k === 'as' ? isLong(e.e) : e.k === 'str' && e.v.length >= 16;
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

function isLive(name: string, { shape, length, entropy, format }: ValueShape): boolean {
  if (shape === 'pem' || format !== undefined) return true;
  const isSecret = /(?:SECRET|TOKEN|PASSWORD|PRIVATE_KEY|API_KEY|ACCESS_KEY)(?:_|$)/.test(name);
  if (!isSecret || /PUBLIC|PUBLISHABLE|_TTL|_URL|EXPIR/.test(name)) return false;
  return ['hex', 'base64', 'jwt', 'text'].includes(shape) && length >= 20 && entropy >= 3.5;
}
