/**
 * What edge runtimes lack. Cloudflare: developers.cloudflare.com/workers/runtime-apis/nodejs (2026-08);
 * Next.js: nextjs.org/docs/app/api-reference/edge (15.x).
 */

/** Built-ins that only throw in Workers, whatever the flags. */
const STUBS = new Set(['child_process', 'cluster', 'dgram', 'vm']);
/** From which compatibility date a built-in works under `nodejs_compat`, and the flag that allows it earlier. */
const SINCE: Readonly<Record<string, readonly [date: string, flag: string]>> = {
  fs: ['2025-09-01', 'enable_nodejs_fs_module'],
  http: ['2025-08-15', 'enable_nodejs_http_modules'],
  https: ['2025-08-15', 'enable_nodejs_http_modules'],
};
/** From this date on Workers have Node.js compatibility without a flag. */
const COMPAT_BY_DEFAULT = '2026-08-04';
/** With the flag, all of what the runtime knows is there from this date on. */
export const COMPAT_COMPLETE = '2024-09-23';
const NEXT_BUILTINS = new Set(['async_hooks', 'events', 'buffer', 'assert', 'util']);

/** Packages that are compiled for one machine. */
const NATIVE = new Set(['bcrypt', 'sharp', 'better-sqlite3', 'sqlite3', 'argon2', 'canvas', 'isolated-vm']);
/** Packages that open sockets or need `node:crypto` streams. */
const NEEDS_NODE = new Set([
  ...['pg', 'mysql', 'mysql2', 'mongodb', 'mongoose', 'ioredis', 'redis', 'tedious', 'amqplib', 'kafkajs'],
  ...['jsonwebtoken', 'nodemailer'],
]);
const INSTEAD: Readonly<Record<string, string>> = {
  bcrypt: 'bcryptjs',
  argon2: '@noble/hashes',
  jsonwebtoken: 'jose',
  pg: '@neondatabase/serverless',
  redis: '@upstash/redis',
  ioredis: '@upstash/redis',
};

/** How a Worker is set up, as far as Node.js is concerned. */
export interface WorkerSetup {
  readonly date: string | undefined;
  readonly flags: readonly string[];
}

/** Why a module (`node:fs`, `pg`) does not work there; undefined if it does or is not known. */
export type Lack = 'compat' | 'never' | 'date';

export function hasCompat({ date, flags }: WorkerSetup): boolean {
  if (flags.includes('nodejs_compat') || flags.includes('nodejs_compat_v2')) return true;
  return date !== undefined && date >= COMPAT_BY_DEFAULT && !flags.includes('no_nodejs_compat');
}

export function lackInWorker(module: string, setup: WorkerSetup): Lack | undefined {
  if (NATIVE.has(module)) return 'never';
  const builtin = builtinOf(module);
  if (builtin === undefined) return NEEDS_NODE.has(module) && !hasCompat(setup) ? 'compat' : undefined;
  if (STUBS.has(builtin)) return 'never';
  if (!hasCompat(setup)) return builtin === 'async_hooks' && setup.flags.includes('nodejs_als') ? undefined : 'compat';
  const since = SINCE[builtin];
  if (!since || setup.date === undefined) return undefined;
  return setup.date < since[0] && !setup.flags.includes(since[1]) ? 'date' : undefined;
}

export function lackInNext(module: string): Lack | undefined {
  if (NATIVE.has(module) || NEEDS_NODE.has(module)) return 'never';
  const builtin = builtinOf(module);
  return builtin === undefined || NEXT_BUILTINS.has(builtin) ? undefined : 'never';
}

/** The date from which a built-in works, to say it. */
export function worksFrom(module: string): string {
  return SINCE[builtinOf(module) ?? '']?.[0] ?? COMPAT_COMPLETE;
}

/** A package that does the same without Node.js. */
export function insteadOf(module: string): string | undefined {
  return INSTEAD[module];
}

function builtinOf(module: string): string | undefined {
  return module.startsWith('node:') ? module.slice('node:'.length).split('/')[0] : undefined;
}
