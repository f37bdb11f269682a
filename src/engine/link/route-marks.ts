import { folderOf } from '../../common/path.ts';
import type { Stmt } from '../model/facts.ts';
import type { Span } from '../model/span.ts';
import { blocksOf } from './env.ts';
import { covers } from './paths.ts';
import type { Program } from './program.ts';
import type { ModelSettings } from './settings.ts';

/** `// public: reason` on the registration's line or on the line above it. */
export function commentReason(program: Program, { file, start, end }: Span): string | undefined {
  const facts = program.units.get(file)?.facts;
  // Comments change, and move, with any edit of their file.
  if (facts) program.cells.read(facts);
  for (const { text, p, trailing } of facts?.comments ?? []) {
    const reason = /^\W*public:\s*(.*?)\s*(?:\*\/)?$/.exec(text)?.[1];
    if (!reason || !facts) continue;
    const near = trailing
      ? lastBefore(facts.functions, facts.classes, p[0])
      : firstAfter(facts.functions, facts.classes, p[1]);
    if (near && near[0] <= start && end <= near[1]) return reason;
  }
  return undefined;
}

type Range = readonly [start: number, end: number];
type Holder = { readonly body: readonly Stmt[] };
type Members = { readonly members: readonly { readonly p: Range }[] };

/** The smallest statement or member that begins first after an offset. */
function firstAfter(functions: readonly Holder[], classes: readonly Members[], at: number): Range | undefined {
  let best: Range | undefined;
  eachRange(functions, classes, range => {
    const inside = range[0] < at && at < range[1] ? undefined : range;
    if (inside && range[0] >= at && (!best || range[0] < best[0])) best = range;
  });
  return best;
}

function lastBefore(functions: readonly Holder[], classes: readonly Members[], at: number): Range | undefined {
  let best: Range | undefined;
  eachRange(functions, classes, range => {
    if (range[1] <= at && (!best || range[1] > best[1] || (range[1] === best[1] && range[0] > best[0]))) best = range;
  });
  return best;
}

function eachRange(functions: readonly Holder[], classes: readonly Members[], visit: (range: Range) => void): void {
  const statements = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      visit(stmt.p);
      for (const block of blocksOf(stmt)) statements(block);
    }
  };
  for (const { body } of functions) statements(body);
  for (const { members } of classes) for (const { p } of members) visit(p);
}

/** Why the project's settings say that a route is open: `/health`, `POST /login`, `/public/**`. */
export function configuredReason(
  settings: ModelSettings,
  file: string,
  method: string,
  path: string,
): string | undefined {
  for (const text of settings.configOf(folderOf(file)).publicRoutes ?? []) {
    const [, verb, pattern = ''] = /^(?:([A-Za-z]+)\s+)?(\S+)$/.exec(text.trim()) ?? [];
    if (verb && verb.toUpperCase() !== method) continue;
    const open = pattern.endsWith('/**');
    const mount = open ? pattern.slice(0, -3) : pattern;
    if (covers(mount, path, open ? 'prefix' : 'exact') === true) return 'named in publicRoutes';
  }
  return undefined;
}
