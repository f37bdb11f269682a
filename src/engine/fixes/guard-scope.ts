import { callsIn } from '../link/call-index.ts';
import type { Span } from '../model/span.ts';
import { registrationAt } from '../queries/security/registrations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { addDependency } from './package-dependency.ts';
import { insertImport } from './source-import.ts';
import { wrap } from './source-statement.ts';
import { edit } from './source-style.ts';

/** Lets a plugin's hooks hold for the scope it is registered in. */
export function shareScope(register: Span): FixDraft {
  return {
    title: 'Share the scope with fastify-plugin',
    kind: 'auto',
    change({ model, text }) {
      const { file, start, end } = register;
      const source = text(file);
      const facts = model.project.sources.get(file);
      const call = facts?.functions.flatMap(callsIn).find(({ call: { p } }) => p[0] === start && p[1] === end)?.call;
      const [plugin] = call?.a ?? [];
      if (source === undefined || !facts || !plugin || (plugin.k !== 'fn' && plugin.k !== 'id')) return undefined;
      const wish = { module: 'fastify-plugin', name: 'default', local: 'fp' };
      const added = insertImport(file, source, facts, wish);
      if (!added) return undefined;
      const edits = [
        ...added.edits,
        ...wrap(file, plugin.p, `${added.local}(`, ')'),
        ...addDependency(model.project, text, file, 'fastify-plugin', '^5.0.0'),
      ];
      return { edits, newFiles: [] };
    },
  };
}

/** Makes a pattern match whatever the case. */
export function ignoreCase(span: Span): FixDraft {
  return {
    title: 'Match whatever the case',
    kind: 'auto',
    change({ model }) {
      const [first] = registrationAt(model.program, span)?.call.a ?? [];
      if (first?.k !== 'regex') return undefined;
      return { edits: [edit(span.file, [first.p[1], first.p[1]], 'i')], newFiles: [] };
    },
  };
}

/** Provides a guard for the whole application. */
export function provideAsGuard(span: Span): FixDraft {
  return {
    title: 'Bind it to every route',
    kind: 'suggest',
    change({ model, text }) {
      const { file, start, end } = span;
      const source = text(file);
      const facts = model.project.sources.get(file);
      if (source === undefined || !facts) return undefined;
      const token = insertImport(file, source, facts, { module: '@nestjs/core', name: 'APP_GUARD' });
      if (!token) return undefined;
      const provider = `{ provide: ${token.local}, useClass: ${source.slice(start, end)} }`;
      return { edits: [...token.edits, edit(file, [start, end], provider)], newFiles: [] };
    },
  };
}
