import type { MiddlewareRole } from '../../link/endpoint.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Program } from '../../link/program.ts';
import type { RouteVerdict } from '../../link/router.ts';
import { signalsOf } from '../../link/signals.ts';
import { api, UNKNOWN, type Value } from '../../link/values.ts';
import type { Span } from '../../model/span.ts';
import { libraryCalls } from '../shared/library-calls.ts';
import { readResolvers } from './resolver-map.ts';
import { ARGS, CONTEXT, type FieldKind } from './schema.ts';

/** A tree of rules by type and field, laid over every schema of its package. */
export interface Shield {
  readonly folder: string;
  readonly rules: ReadonlyMap<string, ReadonlyMap<string, Value>>;
  readonly fallback: Value | undefined;
  readonly span: Span;
}

export function shieldsOf(program: Program): Shield[] {
  const out: Shield[] = [];
  for (const { call, env, span } of libraryCalls(program, /^graphql-shield$/, new Set(['shield']), isShield)) {
    const [tree, options] = call.a.map(arg => evaluate(program, env, arg));
    const { types } = readResolvers(program, tree);
    const fallback = options?.k === 'object' ? options.props.get('fallbackRule') : undefined;
    for (const fields of types.values()) for (const rule of fields.values()) giveParams(program, rule);
    out.push({ folder: program.project.packageOf(span.file)?.folder ?? '', rules: types, fallback, span });
  }
  return out;
}

function isShield(path: string): boolean {
  return path === 'graphql-shield.shield';
}

/** The step that a shield puts before a field. */
export function shieldStep(
  program: Program,
  { rules, fallback, span }: Shield,
  kind: FieldKind,
  name: string,
): RouteVerdict['steps'] {
  const type = `${kind[0]}${kind.slice(1).toLowerCase()}`;
  const fields = rules.get(type);
  const rule = fields?.get(name) ?? fields?.get('*') ?? fallback;
  if (!rule) return [];
  const roles = rolesOf(program, rule);
  return [
    { value: rule, roles, span, via: 'shield', why: WORDS[roles[0]!] ?? 'a rule stands before it', evidence: [] },
  ];
}

const WORDS: Partial<Record<MiddlewareRole, string>> = {
  neutral: 'its rule lets everybody pass',
  unknown: 'its rule cannot be seen through',
};

function rolesOf(program: Program, rule: Value): readonly MiddlewareRole[] {
  if (rule.k !== 'api') return ['unknown'];
  const name = /^graphql-shield\.(\w+)/.exec(rule.path)?.[1] ?? '';
  if (name === 'allow') return ['neutral'];
  if (name === 'deny') return ['authenticates'];
  const parts = (rule.made?.args ?? []).flatMap(arg => (arg.k === 'array' ? arg.items : [arg]));
  if (name === 'and' || name === 'chain') {
    const all = parts.map(part => rolesOf(program, part));
    return (
      all.find(roles => roles.includes('authenticates')) ?? all.find(roles => roles.includes('unknown')) ?? ['neutral']
    );
  }
  if (name === 'or' || name === 'race') {
    const all = parts.map(part => rolesOf(program, part));
    return (
      all.find(roles => roles.includes('unknown')) ?? all.find(roles => roles.includes('neutral')) ?? ['authenticates']
    );
  }
  const test = parts.find(part => part.k === 'func');
  if (test?.k !== 'func') return ['unknown'];
  const { credentials, permissions, verifies } = signalsOf(program, test);
  return credentials.length + permissions.length + verifies.length > 0 ? ['authenticates'] : ['unknown'];
}

/** A rule's function gets what a resolver gets. */
function giveParams(program: Program, rule: Value): void {
  if (rule.k !== 'api') return;
  for (const arg of rule.made?.args ?? []) {
    if (arg.k === 'func') program.giveParams(arg, [UNKNOWN, api(ARGS, true), api(CONTEXT, true)]);
    else if (arg.k === 'array') for (const item of arg.items) giveParams(program, item);
    else giveParams(program, arg);
  }
}
