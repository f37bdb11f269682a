import { wordsOf } from '../../common/words.ts';
import type { Expr, FunctionFact } from '../model/facts.ts';
import { eachExprIn } from './env.ts';
import { evaluate } from './evaluate.ts';
import type { Model } from './model.ts';
import type { Operation } from './operations.ts';
import type { Value } from './values.ts';

/** Whoever signs in has one of these. A password of a shared link is its owner's to see. */
const PERSON = /^(?:e ?mail|email address|user ?name|login|phone|phone number)$/;

/** Columns that let somebody in. What an application shows on purpose is not among them. */
const SECRET =
  /^(?:(?:hashed |encrypted )?(?:password|passwd|passphrase)(?: hash| digest| salt)?|(?:hash|salt) password|(?:two factor|totp|otp|mfa|2fa) secret|(?:password )?reset (?:password )?token|backup codes|recovery codes)$/;

/** Reads that give whole rows; Prisma gives back what it writes as well. */
const READS = new Set(['read-one', 'read-many']);
const GIVES_BACK = /\.(?:find(?:Unique|First|Many)(?:OrThrow)?|create|update|upsert|delete)$/;

export type SecretColumns = (operation: Operation) => string | undefined;

/** Tells of a query which secret column its rows bring along, as the schema has it; undefined where none is known. */
export function secretColumns(model: Model): SecretColumns | undefined {
  const tables = prismaTables(model);
  const usesMongoose = model.operations('db').some(({ is }) => is['orm'] === 'mongoose');
  if (tables.size === 0 && !usesMongoose) return undefined;
  return operation => {
    const { is, callee, args, chain } = operation;
    const options = args['options']?.expr;
    if (is['orm'] === 'prisma')
      return GIVES_BACK.test(callee) && !isNarrowed(options, 'select', 'omit')
        ? tables.get(String(is['model']).toLowerCase())
        : undefined;
    if (is['orm'] !== 'mongoose' || !READS.has(String(is['action'])) || !/#find(?:One|ById)?$/.test(callee))
      return undefined;
    // The second argument names the fields that are wanted.
    if (operation.site.call.a.length > 1 || chain.some(({ name }) => name !== 'exec')) return undefined;
    return ofSchema(model, receiverOf(model, operation));
  };
}

function isSecret(name: string): boolean {
  return SECRET.test(wordsOf(name).join(' '));
}

function isPerson(name: string): boolean {
  return PERSON.test(wordsOf(name).join(' '));
}

/** Whether the query names the columns it wants; options that cannot be read may. */
function isNarrowed(options: Expr | undefined, ...names: readonly string[]): boolean {
  if (options?.k !== 'obj') return true;
  return options.props.some(prop => prop.k !== 'prop' || names.includes(prop.n));
}

/** Models of Prisma by their name in lower case, with the first secret column; none where the client leaves columns out. */
function prismaTables({ project, operations }: Model): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { args } of operations('db-client')) {
    const options = args['options']?.value;
    if (options?.k === 'object' && options.props.has('omit')) return out;
  }
  for (const { facts } of project.artefactsOf('prisma'))
    for (const { name, fields } of facts.models) {
      const secret = fields.find(field => isSecret(field.name.value));
      if (secret && fields.some(field => isPerson(field.name.value)))
        out.set(name.value.toLowerCase(), secret.name.value);
    }
  return out;
}

function receiverOf({ program }: Model, { site }: Operation): Value | undefined {
  return site.call.f.k === 'mem' ? evaluate(program, site.env, site.call.f.o) : undefined;
}

/** `mongoose.model('User', new Schema({ … }))`: a field that is left out unless asked for is no secret of the query. */
function ofSchema({ program }: Model, made: Value | undefined): string | undefined {
  const schema = made?.k === 'api' ? made.made?.args[1] : undefined;
  const unit = schema?.k === 'api' && schema.made ? program.units.get(schema.made.file) : undefined;
  if (unit?.facts.functions.some(fn => hidesWhenSent(fn))) return undefined;
  const [fields, options] = schema?.k === 'api' ? (schema.made?.args ?? []) : [];
  if (fields?.k !== 'object' || (options?.k === 'object' && (options.props.has('toJSON') || options.open)))
    return undefined;
  if (![...fields.props.keys()].some(isPerson)) return undefined;
  for (const [name, field] of fields.props) {
    if (!isSecret(name)) continue;
    if (field.k === 'object' && field.props.has('select')) return undefined;
    return name;
  }
  return undefined;
}

/** `schema.plugin(toJSON)`, `schema.set('toJSON', …)`, `schema.methods.toJSON = …`: what is sent is not what is stored. */
function hidesWhenSent(fn: FunctionFact): boolean {
  let found = false;
  eachExprIn(fn, e => {
    if (e.k === 'assign' && e.l.k === 'mem' && SENT.test(e.l.n)) found = true;
    if (e.k !== 'call' || e.f.k !== 'mem' || (e.f.n !== 'plugin' && e.f.n !== 'set')) return;
    const [first] = e.a;
    const name = first?.k === 'str' ? first.v : first?.k === 'id' || first?.k === 'mem' ? first.n : '';
    if (SENT.test(name)) found = true;
  });
  return found;
}

const SENT = /to_?(?:json|object)|hidden|private/i;
