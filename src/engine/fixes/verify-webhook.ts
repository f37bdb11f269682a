import type { Endpoint } from '../link/endpoint.ts';
import { bindingsOf, eachExprIn } from '../link/env.ts';
import { evaluate } from '../link/evaluate.ts';
import type { Model } from '../link/model.ts';
import type { Program } from '../link/program.ts';
import type { FuncValue } from '../link/values.ts';
import type { TextEdit } from '../model/span.ts';
import type { Receiver } from '../queries/webhooks.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertImport } from './source-import.ts';
import { insertBefore } from './source-statement.ts';
import { quoted, styleOf } from './source-style.ts';

/** Checks the sender's signature first thing in the handler, where the bytes that were signed are at hand. */
export function verifySender({ program, project }: Model, endpoint: Endpoint, { provider }: Receiver): FixDraft[] {
  const { handler, framework } = endpoint;
  const facts = handler && project.sources.get(handler.file);
  const [request, response] = handler?.fn.params.map(({ pat }) => (pat.k === 'pid' ? pat.n : undefined)) ?? [];
  const first = handler?.fn.body[0];
  if (framework !== 'express' || !handler || !facts || !request || !response || !first) return [];
  const raw = rawBody(program, endpoint, /\.[cm]?tsx?$/.test(handler.file));
  const stripe = provider === 'stripe' ? stripeClient(program, handler) : undefined;
  if (raw === undefined || (provider !== 'github' && stripe === undefined)) return [];
  return [
    {
      title: stripe ? 'Verify Stripe’s signature' : 'Verify GitHub’s signature',
      kind: 'suggest',
      change({ text }) {
        const source = text(handler.file);
        if (source === undefined || source[handler.fn.p[1] - 1] !== '}') return undefined;
        const write = {
          source,
          request,
          response,
          body: `${request}.${raw}`,
          isTyped: /\.[cm]?tsx?$/.test(handler.file),
        };
        const imports: TextEdit[] = [];
        const names = ['createHmac', 'timingSafeEqual'].map(name => {
          if (stripe) return name;
          const found = insertImport(handler.file, source, facts, { module: 'node:crypto', name });
          imports.push(...(found?.edits ?? []));
          return found?.local;
        });
        const [hmac, equal] = names;
        const lines = stripe
          ? stripeCheck(write, stripe)
          : hmac && equal
            ? githubCheck(write, handler, hmac, equal)
            : undefined;
        const check = lines && insertBefore(handler.file, source, first, lines);
        return check && { edits: [...joined(imports), check], newFiles: [] };
      },
    },
  ];
}

interface Writing {
  readonly source: string;
  readonly request: string;
  readonly response: string;
  readonly body: string;
  readonly isTyped: boolean;
}

function stripeCheck({ source, request, response, body, isTyped }: Writing, client: string): string[] {
  const { indent, semicolon } = styleOf(source);
  const sure = isTyped ? '!' : '';
  const signature = `${request}.get(${quoted(source, 'stripe-signature')})${sure}`;
  return [
    'try {',
    `${indent}${client}.webhooks.constructEvent(${body}, ${signature}, process.env.STRIPE_WEBHOOK_SECRET${sure})${semicolon}`,
    '} catch {',
    `${indent}${response}.status(400).end()${semicolon}`,
    `${indent}return${semicolon}`,
    '}',
  ];
}

function githubCheck(
  { source, request, response, body, isTyped }: Writing,
  { fn }: FuncValue,
  hmac: string,
  equal: string,
): string[] | undefined {
  if (['expected', 'signature', 'given'].some(name => bindingsOf(fn).has(name))) return undefined;
  const { indent, semicolon } = styleOf(source);
  const text = (value: string): string => quoted(source, value);
  const secret = `process.env.GITHUB_WEBHOOK_SECRET${isTyped ? '!' : ''}`;
  return [
    `const expected = ${hmac}(${text('sha256')}, ${secret}).update(${body}).digest()${semicolon}`,
    `const signature = ${request}.get(${text('x-hub-signature-256')}) ?? ${text('')}${semicolon}`,
    `const given = Buffer.from(signature.replace(${text('sha256=')}, ${text('')}), ${text('hex')})${semicolon}`,
    `if (given.length !== expected.length || !${equal}(given, expected)) {`,
    `${indent}${response}.status(401).end()${semicolon}`,
    `${indent}return${semicolon}`,
    '}',
  ];
}

/** Several names of one new import stand in one statement. */
function joined(edits: readonly TextEdit[]): TextEdit[] {
  const [first, second] = edits;
  if (!first || !second || first.span.start !== second.span.start || first.text.startsWith(',')) return [...edits];
  const name = /\{ (\w+) \}/.exec(second.text)?.[1];
  const both = first.text.replace(/ \}/, `, ${name} }`);
  return name ? [{ ...first, text: both }] : [...edits];
}

/** The member of the request that holds the bytes as they came. */
function rawBody(program: Program, { chain }: Endpoint, isTyped: boolean): 'body' | 'rawBody' | undefined {
  for (const { value, roles } of chain) {
    if (!roles.includes('parses-body') || value.k !== 'api') continue;
    const path = program.adapters.canonical(value.path);
    if (/^(?:express|body-parser)\.raw\(\)$/.test(path)) return 'body';
    const [options] = value.made?.args ?? [];
    const verify = options?.k === 'object' ? options.props.get('verify') : undefined;
    let kept = false;
    if (verify?.k === 'func')
      eachExprIn(verify.fn, e => {
        if (e.k === 'assign' && e.l.k === 'mem' && e.l.n === 'rawBody' && !(isTyped && e.l.o.k === 'as')) kept = true;
      });
    return kept ? 'rawBody' : undefined;
  }
  return undefined;
}

/** A name of the handler's module that holds a client of Stripe. */
function stripeClient(program: Program, { env }: FuncValue): string | undefined {
  const { unit } = env;
  const [module] = unit.facts.functions;
  const names = [...(module ? bindingsOf(module).keys() : []), ...unit.facts.imports.map(({ local }) => local)];
  return names.find(n => {
    const value = evaluate(program, unit.env, { k: 'id', n, s: 0, p: [0, 0] });
    return value.k === 'api' && value.inst && /^stripe(?:\.Stripe)?(?:\(\))?$/.test(value.path);
  });
}
