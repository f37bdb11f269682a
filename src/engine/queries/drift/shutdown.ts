import { callsIn } from '../../link/call-index.ts';
import { evaluate } from '../../link/evaluate.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { isLogMethod } from '../../link/swallowed.ts';
import { belongsTo, type Unit } from '../../link/units.ts';
import { alternatives, spanIn } from '../../link/values.ts';
import type { Expr } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';

const HANDLES = /graceful|shutdown|terminus|lightship|stoppable|http-terminator|close-with-grace|node-cleanup/;
/** Servers that stop by themselves when asked to, or whose entry is not code of the project. */
const FRAMEWORKS = new Set([
  'next',
  'nuxt',
  'nitropack',
  '@adonisjs/core',
  'moleculer',
  '@platformatic/runtime',
  'wattpm',
  'fastify-cli',
  '@react-router/serve',
  '@remix-run/serve',
]);
const LIFECYCLE = new Set(['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']);

export interface Shutdown {
  /** Calls that react to SIGTERM, in this unit or a workspace package it uses. */
  readonly hooks: readonly Operation[];
  /** Those that end the process at once, without waiting for anything. */
  readonly abrupt: readonly Operation[];
  /** A package that does it is declared, or a framework does it by itself: how is not visible. */
  readonly elsewhere: boolean;
  /** A method of the application that must be called before its shutdown methods run; undefined if there is none. */
  readonly enable: string | undefined;
  /** Shutdown methods of classes that nobody calls as long as that is missing. */
  readonly unused: readonly Span[];
}

/** Who reacts when a unit is asked to stop. */
export function shutdownOf(model: Model, unit: Unit): Shutdown {
  const hooks = model
    .operations('shutdown-hook')
    .filter(
      one => (one.is['signal'] === 'SIGTERM' || one.is['signal'] === 'unknown') && belongsTo(model, unit, one.file),
    );
  const declared = unit.package?.facts.dependencies ?? [];
  const has = (name: string): boolean => declared.some(one => one.name.value === name);
  const enable = has('@nestjs/core') ? 'enableShutdownHooks' : undefined;
  return {
    hooks,
    abrupt: hooks.filter(one => isAbrupt(one)),
    elsewhere: declared.some(({ name }) => HANDLES.test(name.value) || FRAMEWORKS.has(name.value)),
    enable,
    get unused() {
      return enable ? lifecycleMethods(model, unit) : [];
    },
  };
}

/** What to close for a server to stop: the value `listen` gives, or the one it was called on. */
export function closes({ program }: Model, { site, callee }: Operation): 'returned' | 'receiver' | undefined {
  if (callee === '@hono/node-server.serve') return 'returned';
  if (site.call.f.k !== 'mem') return undefined;
  const receivers = alternatives(evaluate(program, site.env, site.call.f.o));
  const routers = receivers.flatMap(one => (one.k === 'router' ? [one.router.framework] : []));
  if (routers.length) return routers.every(one => one === 'express' || one === 'koa') ? 'returned' : 'receiver';
  // `listen` of a Node.js server gives the server itself.
  return callee.startsWith('node:') ? (site.call.f.o.k === 'id' ? 'receiver' : 'returned') : undefined;
}

/** Whether `close` of the application gives a promise. */
export function closesLater({ callee }: Operation): boolean {
  return /\.fastify|~router/.test(callee);
}

function lifecycleMethods(model: Model, unit: Unit): Span[] {
  const out: Span[] = [];
  for (const { path, facts } of model.program.units.values()) {
    if (!model.isJudged(path) || !belongsTo(model, unit, path)) continue;
    for (const { members } of facts.classes)
      for (const { kind, n, np } of members)
        if (kind === 'method' && LIFECYCLE.has(n)) out.push({ file: path, start: np[0], end: np[1] });
  }
  return out;
}

/** A handler that does nothing but log and end the process. */
function isAbrupt({ args }: Operation): boolean {
  const handler = args['callback']?.value;
  if (handler?.k !== 'func') return false;
  const calls = callsIn(handler.fn).map(one => one.call.f);
  return calls.some(isExit) && calls.every(f => isExit(f) || isLogMethod(f));
}

function isExit(f: Expr): boolean {
  return f.k === 'mem' && f.n === 'exit' && f.o.k === 'id' && f.o.n === 'process';
}

export function spanOfReceiver({ site }: Operation): Span | undefined {
  return site.call.f.k === 'mem' ? spanIn(site.env, site.call.f.o.p) : undefined;
}
