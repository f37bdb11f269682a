import { expressionsWhere } from '../link/kept/per-file.ts';
import { perModel } from '../link/kept/per-model.ts';
import type { Model } from '../link/model.ts';
import { spanAt } from '../link/spans.ts';
import type { Expr } from '../model/facts.ts';
import type { Span } from '../model/span.ts';

/** Prefixes by which bundlers copy a variable into what browsers and apps load. */
const PREFIX = /^(?:NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY)_(.+)$/;
const PUBLISHABLE =
  /PUBLISHABLE|ANON(?:_|$)|PUBLIC_KEY|CLIENT_ID|SITE_KEY|MAPS?_|DSN|MEASUREMENT|SEARCH|FIREBASE_API_KEY/;
const LOW_CODE =
  /SUPABASE_SERVICE|SERVICE_ROLE|HASURA_.*SECRET|FIREBASE_(?:ADMIN|PRIVATE|SERVICE)|AIRTABLE_(?:API_KEY|PAT|TOKEN)|N8N_API_KEY|RETOOL_.*(?:KEY|TOKEN)|APPSMITH_.*(?:KEY|TOKEN)/;
const PROVIDER =
  /(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GROQ|MISTRAL|COHERE|REPLICATE|HUGGING_?FACE|PERPLEXITY|DEEPSEEK|ELEVENLABS|TOGETHER)_?(?:AI_)?(?:API_?|SECRET_?|ACCESS_?)*(?:KEY|TOKEN)|STRIPE_SECRET|DATABASE_URL|PRIVATE_KEY|(?:^|_)SECRET(?:_KEY)?$|CLIENT_SECRET|JWT_SECRET/;

export interface PublicName {
  readonly name: string;
  readonly kind: 'provider' | 'low-code';
  readonly span: Span;
  readonly others: readonly Span[];
}

/** Variables that bundlers publish although their names say secret: where the code reads them, else where they are set. */
export const publicNames: (model: Model) => readonly PublicName[] = perModel(model => {
  const found = new Map<string, { kind: PublicName['kind']; spans: Span[] }>();
  const add = (name: string, span: Span): void => {
    const rest = PREFIX.exec(name)?.[1];
    if (rest === undefined || PUBLISHABLE.test(rest)) return;
    const kind = LOW_CODE.test(rest) ? 'low-code' : PROVIDER.test(rest) ? 'provider' : undefined;
    if (!kind) return;
    const list = found.get(name);
    if (list) list.spans.push(span);
    else found.set(name, { kind, spans: [span] });
  };
  for (const [file, facts] of model.project.sources) {
    if (facts.generated || !model.isJudged(file)) continue;
    for (const { e } of variablesRead(facts)) if (e.k === 'mem') add(e.n, spanAt(file, e.np));
  }
  for (const { path, facts } of model.project.artefactsOf('env-file'))
    for (const { name } of facts.variables) add(name.value, { file: path, start: name.start, end: name.end });
  const out = [...found].map(([name, { kind, spans }]) => ({ name, kind, span: spans[0]!, others: spans.slice(1) }));
  return out;
});

const variablesRead = expressionsWhere(['mem'], e => e.k === 'mem' && isEnvironment(e.o) && PREFIX.test(e.n));

/** `process.env` or `import.meta.env`. */
function isEnvironment(e: Expr): boolean {
  if (e.k !== 'mem' || e.n !== 'env') return false;
  return (e.o.k === 'id' && e.o.n === 'process') || e.o.k === 'unk' || (e.o.k === 'mem' && e.o.n === 'meta');
}

/** Whether the package is an app on the user's own machine, where the user's key belongs. */
export function isDesktop(model: Model, file: string): boolean {
  const engines = model.project.packageOf(file)?.facts.engines ?? [];
  return (
    engines.some(({ name }) => name.value === 'vscode') ||
    ['electron', '@tauri-apps/api'].some(name => model.project.dependsOn(file, name))
  );
}
