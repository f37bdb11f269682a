import { pathTo } from '../link/declared.ts';
import { definition } from '../link/literals.ts';
import type { Model } from '../link/model.ts';
import type { Env } from '../link/values.ts';
import type { Expr } from '../model/facts.ts';
import type { Sibling, UnownedRecord } from '../queries/security/record-owners.ts';
import type { FixDraft } from '../rules/rule.ts';
import { mergeProperties } from './source-object.ts';
import { edit } from './source-style.ts';

/** Takes the owner from whoever is calling, as another query does, instead of from what was sent. */
export function ownerFromCaller(model: Model, { column, sent, sibling }: UnownedRecord): FixDraft[] {
  const { env, expr } = sent.place;
  const isShort = column.short && column.value.expr === expr;
  const caller = callerIn(model, sibling.caller, env);
  if (!caller) return [];
  return [
    {
      title: `Take it from \`${caller}\``,
      kind: 'suggest',
      change: ({ text }) =>
        text(env.unit.path) === undefined
          ? undefined
          : { edits: [edit(env.unit.path, expr.p, isShort ? `${column.name}: ${caller}` : caller)], newFiles: [] },
    },
  ];
}

/** Asks for the owner as well, where the query takes further conditions beside its key. */
export function askForOwner(model: Model, { operation, sent, sibling }: UnownedRecord): FixDraft[] {
  const { file, args, is, site } = operation;
  const where = args['where'];
  const { f } = site.call;
  const caller = sent.handedOn.length === 0 ? callerIn(model, sibling.caller, sent.place.env) : undefined;
  if (!caller || where?.expr.k !== 'obj' || f.k !== 'mem') return [];
  const literal = where.expr;
  // Before version 5, what is unique must stand alone.
  const isStrict =
    is['orm'] === 'prisma' && Number.parseInt(model.project.versionOf(file, '@prisma/client') ?? '', 10) < 5;
  const isRead = /^findUnique/.test(f.n);
  if (isStrict && is['byKey'] && !isRead) return [];
  return [
    {
      title: `Ask for \`${sibling.column}\` of the caller as well`,
      kind: 'suggest',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        const renamed = isRead ? [edit(file, f.np, f.n.replace('findUnique', 'findFirst'))] : [];
        const asked = mergeProperties(file, source, literal, [{ name: sibling.column, value: caller }]);
        return { edits: [...renamed, ...asked], newFiles: [] };
      },
    },
  ];
}

/** What says who is calling where another function reads it, as it would be written here: `req.user.id`. */
export function callerIn(model: Model, { place, names }: Sibling['caller'], here: Env): string | undefined {
  const { expr, env } = definition(model.program, place);
  const written = path(expr);
  if (!written) return undefined;
  const at = env.fn.params.findIndex(({ pat }) => pathTo(pat, written.root)?.length === 0);
  const own = at === -1 ? undefined : here.fn.params[at]?.pat;
  const role = model.program.paramRole(here, at);
  const isSame = role?.k === 'api' && JSON.stringify(role) === JSON.stringify(model.program.paramRole(env, at));
  return own?.k === 'pid' && isSame ? `${own.n}.${[...written.names, ...names].join('.')}` : undefined;
}

function path(e: Expr): { readonly root: string; readonly names: readonly string[] } | undefined {
  if (e.k === 'as') return path(e.e);
  if (e.k === 'id') return { root: e.n, names: [] };
  const owner = e.k === 'mem' && !e.opt ? path(e.o) : undefined;
  return owner && e.k === 'mem' ? { root: owner.root, names: [...owner.names, e.n] } : undefined;
}
