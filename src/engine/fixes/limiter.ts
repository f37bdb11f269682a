import type { Operation } from '../link/operations.ts';
import type { FixDraft } from '../rules/rule.ts';
import { insertImport } from './source-import.ts';
import { mergeProperties } from './source-object.ts';
import { beginsLine, edit } from './source-style.ts';

/** Awaits a registration, where awaiting is possible. */
export function awaitCall({ file, fn, callSpan }: Operation): readonly FixDraft[] {
  if (!fn.async && fn.kind !== 'module') return [];
  return [
    {
      title: 'Await the registration',
      kind: 'auto',
      change({ model, text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        // Only a module of its own kind may await at its top level.
        const isModule = facts?.dependencies.some(({ kind }) => kind === 'import' || kind === 'export');
        if (source === undefined || (fn.kind === 'module' && !isModule)) return undefined;
        const { start } = callSpan;
        const before = /\bvoid\s+$/.exec(source.slice(0, start))?.[0].length ?? 0;
        if (!beginsLine(source, start - before)) return undefined;
        return { edits: [edit(file, [start - before, start], 'await ')], newFiles: [] };
      },
    },
  ];
}

/** Binds Nest's throttler to every route, beside the import of its module. */
export function bindThrottler({ file, callSpan }: Operation): readonly FixDraft[] {
  return [
    {
      title: 'Bind ThrottlerGuard to every route',
      kind: 'auto',
      change({ model, text }) {
        const source = text(file);
        const facts = model.project.sources.get(file);
        if (source === undefined || !facts) return undefined;
        const decorators = facts.classes.flatMap(cls => cls.decorators ?? []);
        const { e } = decorators.find(({ p }) => p[0] <= callSpan.start && callSpan.end <= p[1]) ?? {};
        const options = e?.k === 'call' ? e.a[0] : undefined;
        if (options?.k !== 'obj') return undefined;
        const known = options.props.find(prop => prop.k === 'prop' && prop.n === 'providers');
        const token = insertImport(file, source, facts, { module: '@nestjs/core', name: 'APP_GUARD' });
        const guard = insertImport(file, source, facts, { module: '@nestjs/throttler', name: 'ThrottlerGuard' });
        if (!token || !guard) return undefined;
        const provider = `{ provide: ${token.local}, useClass: ${guard.local} }`;
        const imports = [...token.edits, ...guard.edits];
        if (!known) {
          const added = mergeProperties(file, source, options, [{ name: 'providers', value: `[${provider}]` }]);
          return { edits: [...imports, ...added], newFiles: [] };
        }
        if (known.k !== 'prop' || known.v.k !== 'arr') return undefined;
        const last = known.v.e.at(-1);
        const at = last ? last.p[1] : known.v.p[0] + 1;
        return { edits: [...imports, edit(file, [at, at], `${last ? ', ' : ''}${provider}`)], newFiles: [] };
      },
    },
  ];
}
