import type { Model } from './model.ts';
import type { Operation } from './operations.ts';
import { belongsTo, type Unit } from './units.ts';

const HANDLES = /graceful|shutdown|terminus|lightship|stoppable|http-terminator|close-with-grace|death|node-cleanup/;

export interface Shutdown {
  /** Calls that react to SIGTERM, in this unit or a workspace package it uses. */
  readonly hooks: readonly Operation[];
  /** A package that does it is declared, or a framework does it by itself: how is not visible. */
  readonly elsewhere: boolean;
}

/** Who reacts when a unit is asked to stop. */
export function shutdownOf(model: Model, unit: Unit): Shutdown {
  const hooks = model
    .operations('shutdown-hook')
    .filter(
      one => (one.is['signal'] === 'SIGTERM' || one.is['signal'] === 'unknown') && belongsTo(model, unit, one.file),
    );
  const declared = unit.package?.facts.dependencies ?? [];
  const elsewhere = declared.some(({ name }) => HANDLES.test(name.value) || FRAMEWORKS.has(name.value));
  return { hooks, elsewhere };
}

/** Servers that stop by themselves when asked to. */
const FRAMEWORKS = new Set([
  'next',
  'nuxt',
  'nitropack',
  '@adonisjs/core',
  'moleculer',
  '@platformatic/runtime',
  'wattpm',
  'fastify-cli',
]);
