import { resolveModule } from '../link/modules.ts';
import type { Program } from '../link/program.ts';
import type { FileUnit } from '../link/values.ts';
import type { FileFacts, MemberType, TypeRef } from '../model/facts.ts';

export type DeclaredFields = ReadonlyMap<
  string,
  { readonly type: 'string' | 'number' | 'boolean'; readonly optional: boolean }
>;

/** The plain fields of an object type as declared; undefined where the declaration is not found or says more. */
export function declaredFields(program: Program, { path, facts }: FileUnit, type: TypeRef): DeclaredFields | undefined {
  if (type.array || type.union || type.args) return undefined;
  const members = type.members ?? membersOf(facts, type.n) ?? imported(program, path, facts, type.n);
  if (!members) return undefined;
  const out = new Map<string, { type: 'string' | 'number' | 'boolean'; optional: boolean }>();
  for (const { n, t, opt } of members) {
    if (!t || t.array || t.union || t.lit !== undefined) continue;
    if (t.n === 'string' || t.n === 'number' || t.n === 'boolean') out.set(n, { type: t.n, optional: opt === true });
  }
  return out;
}

function membersOf({ types }: FileFacts, name: string): readonly MemberType[] | undefined {
  const found = types.find(one => one.name === name);
  return found && !found.ext?.length ? (found.members ?? found.t?.members) : undefined;
}

function imported(
  { project }: Program,
  path: string,
  { imports }: FileFacts,
  name: string,
): readonly MemberType[] | undefined {
  const found = imports.find(one => one.local === name);
  const target = found && resolveModule(project, path, found.module);
  const facts = target?.k === 'file' ? project.sources.get(target.path) : undefined;
  return found && facts ? membersOf(facts, found.name) : undefined;
}
