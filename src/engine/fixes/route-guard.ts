import type { Endpoint } from '../link/endpoint.ts';
import type { Model } from '../link/model.ts';
import type { Change, TextEdit } from '../model/span.ts';
import {
  type Registration,
  registrationAt,
  type WrittenGuard,
  writtenGuard,
} from '../queries/security/registrations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { importFrom } from './source-export.ts';
import { insertImport } from './source-import.ts';
import { mergeProperties } from './source-object.ts';
import { beginsLine, edit, indentAt, lineStart, styleOf } from './source-style.ts';

/** Gives a route the guard that most routes have: those of its file first, then those of its service. */
export function guardLike({ span }: Endpoint, guarded: readonly Endpoint[]): FixDraft {
  return {
    title: 'Guard this route like its siblings',
    kind: 'suggest',
    change({ model, text }) {
      const source = text(span.file);
      if (source === undefined) return undefined;
      const target = registrationAt(model.program, span);
      for (const { guard, written } of guardsByUse(model, span.file, guarded, text)) {
        const names = guard.names ?? [];
        // Names of a function are the same ones only in that function.
        if (guard.names === undefined && guard.fn !== target?.fn) continue;
        const found = names.map(name => importFrom(model, span.file, source, guard.file, name));
        if (!found.every((one, at) => one?.local === names[at])) continue;
        const edits = target
          ? onRegistration(span.file, source, target, guard, written)
          : onMember(model, span.file, source, span.start, guard, written);
        if (edits) return { edits: [...found.flatMap(one => one!.edits), ...edits], newFiles: [] } satisfies Change;
      }
      return undefined;
    },
  };
}

/** Guards that routes are written with, the most used first and those of the file before all others. */
function guardsByUse(
  { program }: Model,
  file: string,
  guarded: readonly Endpoint[],
  text: (file: string) => string | undefined,
): { guard: WrittenGuard; written: string }[] {
  const counts = new Map<string, { guard: WrittenGuard; written: string; near: number; all: number }>();
  for (const sibling of guarded) {
    const guard = writtenGuard(program, sibling);
    const written = guard && text(guard.file)?.slice(...guard.p);
    if (!written) continue;
    const key = `${guard.place} ${written}`;
    const known = counts.get(key);
    const near = guard.file === file ? 1 : 0;
    if (!known) counts.set(key, { guard, written, near, all: 1 });
    else {
      if (near && !known.near) known.guard = guard;
      known.near += near;
      known.all += 1;
    }
  }
  return [...counts.values()].sort((a, b) => b.near - a.near || b.all - a.all);
}

function onRegistration(
  file: string,
  source: string,
  { call }: Registration,
  { place }: WrittenGuard,
  written: string,
): TextEdit[] | undefined {
  const [, second] = call.a;
  if (!second || place === 'decorator') return undefined;
  if (place === 'argument') return [edit(file, [second.p[0], second.p[0]], `${written}, `)];
  const property = { name: place, value: `[${written}]` };
  if (call.a.length === 2 && second.k !== 'obj')
    return [edit(file, [second.p[0], second.p[0]], `{ ${place}: ${property.value} }, `)];
  if (second.k !== 'obj' || second.props.some(prop => prop.k !== 'prop' || prop.n === place)) return undefined;
  return mergeProperties(file, source, second, [property]);
}

function onMember(
  { project }: Model,
  file: string,
  source: string,
  start: number,
  { place }: WrittenGuard,
  written: string,
): TextEdit[] | undefined {
  const facts = project.sources.get(file);
  const members = facts?.classes.flatMap(cls => cls.members) ?? [];
  const member = members.find(({ decorators }) => decorators?.some(({ p }) => p[0] <= start && start < p[1]));
  const [first] = member?.decorators ?? [];
  if (!facts || !first || source[first.p[0] - 1] !== '@') return undefined;
  const at = first.p[0] - 1;
  if (place !== 'decorator' || !beginsLine(source, at)) return undefined;
  const use = insertImport(file, source, facts, { module: '@nestjs/common', name: 'UseGuards' });
  if (!use) return undefined;
  const line = `@${use.local}(${written})${styleOf(source).eol}${indentAt(source, at)}`;
  return [...use.edits, edit(file, [at, at], line)];
}

/** Says in the code that a route is meant to be open. */
export function markPublic({ span }: Endpoint): FixDraft {
  return {
    title: 'Mark this route as public',
    kind: 'suggest',
    change({ text }) {
      const source = text(span.file);
      if (source === undefined) return undefined;
      const at = lineStart(source, span.start);
      const line = `${indentAt(source, span.start)}// public: anyone may call this${styleOf(source).eol}`;
      return { edits: [edit(span.file, [at, at], line)], newFiles: [] };
    },
  };
}
