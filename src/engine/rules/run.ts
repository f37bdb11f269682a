import { keptUntilDropped } from '../link/kept/slices.ts';
import type { Model } from '../link/model.ts';
import type { Program } from '../link/program.ts';
import type { Evidence, Problem, Severity } from '../model/finding.ts';
import type { Span } from '../model/span.ts';
import type { AnyRule, FixDraft, ReportOptions } from './rule.ts';

/** What a rule reported, before fingerprints, suppressions and settings are applied. */
export interface DraftFinding {
  readonly rule: AnyRule;
  readonly message: string;
  readonly span: Span;
  readonly severity: Severity;
  readonly confidence: AnyRule['meta']['confidence'];
  readonly evidence: readonly Evidence[];
  readonly fixes: readonly FixDraft[];
  readonly anchor: string;
}

export interface RunResult {
  readonly drafts: readonly DraftFinding[];
  readonly problems: readonly Problem[];
  /** Rule id → milliseconds, if a clock was given. */
  readonly timings: Readonly<Record<string, number>>;
}

export interface RunOptions {
  /** Milliseconds; the engine has no clock of its own. */
  readonly now?: () => number;
  /** Called between rules; throws to cancel. */
  readonly checkCancelled?: () => void;
  /** Rules that failed before stay off until restart. */
  readonly failed?: Set<string>;
}

/** Runs rules over a model. A rule that throws is reported once and switched off; the others go on. */
export function runRules(model: Model, rules: readonly AnyRule[], options: RunOptions = {}): RunResult {
  const { cells } = model.program;
  const drafts: DraftFinding[] = [];
  const known = kept.get(model.program) ?? new Map<AnyRule, readonly DraftFinding[]>();
  kept.set(model.program, known);
  const problems: Problem[] = [];
  const timings: Record<string, number> = {};
  for (const rule of rules) {
    options.checkCancelled?.();
    if (options.failed?.has(rule.meta.id)) continue;
    const before = options.now?.() ?? 0;
    try {
      const own = keptUntilDropped(cells, known, rule, () => cells.watching(() => check(model, rule)));
      for (const one of own) drafts.push(one);
    } catch (error) {
      cells.abandon();
      options.failed?.add(rule.meta.id);
      problems.push({
        code: 'rule-failed',
        message: `Rule ${rule.meta.id} failed and is off until restart: ${error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]?.trim() ?? ''}` : 'unknown error'}`,
        incomplete: true,
      });
    }
    if (options.now) timings[rule.meta.id] = options.now() - before;
  }
  return { drafts, problems, timings };
}

/** What rules reported, until something changes that they read. */
const kept = new WeakMap<Program, Map<AnyRule, readonly DraftFinding[]>>();

function check(model: Model, rule: AnyRule): readonly DraftFinding[] {
  const out: DraftFinding[] = [];
  rule.check(model, (span, message, details) => out.push(toDraft(rule, span, message, details)));
  // What was reported holds offsets: it is reported anew when its file changes.
  const files = new Set(out.flatMap(one => [one.span.file, ...one.evidence.map(({ span }) => span.file)]));
  for (const file of files) {
    const facts = model.project.sources.get(file);
    if (facts) model.program.cells.read(facts);
  }
  return out;
}

function toDraft(rule: AnyRule, span: Span, key: string, options: ReportOptions = {}): DraftFinding {
  const text = rule.meta.messages[key] ?? key;
  const data = options.data ?? {};
  return {
    rule,
    message: text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in data ? String(data[name]) : whole)),
    span,
    severity: options.severity ?? rule.meta.severity,
    confidence: options.confidence ?? rule.meta.confidence,
    evidence: options.evidence ?? [],
    fixes: options.fixes ?? [],
    anchor: options.anchor ?? '',
  };
}
