import type { Program } from '../../link/program.ts';
import { createRouter, type RouterObject } from '../../link/router.ts';
import { constant } from '../../link/values.ts';
import { EVENT, eventHandlers } from '../h3/events.ts';
import { exportSpan } from '../shared/export-span.ts';
import { giveAll, servesRouter } from '../shared/routes.ts';
import { nitroFiles } from './files.ts';

/** Turns the files that a server finds by their names into routes, behind its middleware. */
export function discoverNitro(program: Program): void {
  const servers = new Map<string, RouterObject>();
  for (const { kind, root, file, method, path } of nitroFiles(program)) {
    const unit = program.units.get(file)!;
    const isHandler = unit.facts.exports.some(({ name }) => name === 'default' || name === '=');
    if (!isHandler) continue;
    let router = servers.get(root);
    if (!router) {
      router = createRouter('nitro', { file, start: 0, end: 0 }, { app: true });
      servers.set(root, router);
      program.routers.push(router);
    }
    const value = program.exported(file, 'default');
    if (kind === 'route' && servesRouter(value)) continue;
    const handlers = eventHandlers([value]);
    giveAll(program, handlers, [EVENT]);
    const span = exportSpan(unit, 'default');
    if (kind === 'middleware') router.entries.push({ k: 'use', path: undefined, handlers, span, conditional: false });
    else
      router.entries.push({
        k: 'route',
        methods: [method],
        path: constant(path),
        handlers,
        span,
        conditional: false,
      });
  }
}
