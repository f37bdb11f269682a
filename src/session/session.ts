import { type Analysis, analyse, type Facts, factsOf } from '../engine/engine.ts';
import { HYGIENE_RULES } from '../engine/findings/hygiene.ts';
import { examine, overlay } from '../engine/fixes/exam.ts';
import type { Confidence, Finding } from '../engine/model/finding.ts';
import type { Change } from '../engine/model/span.ts';
import { rules } from '../engine/rules/index.ts';
import type { FixDraft } from '../engine/rules/rule.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { ChangedDocument, RuleInfo, ScanReport, SessionApi, VerifiedFix } from './api.ts';
import { readConfigs } from './configs.ts';
import { explainPlace } from './explain.ts';
import { cacheFileOf, openFactCache } from './fact-cache.ts';
import { toRouteInfo } from './routes.ts';
import { trendInfos } from './trends.ts';
import { createWorkspace } from './workspace.ts';

/** Quiet time after an edit before the workspace is looked at again, in milliseconds. */
const DEBOUNCE_MS = 150;

export interface SessionOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Folder for the fact cache; undefined: no cache on disk. */
  readonly cacheFolder?: string;
  /** Changes with every build, so that facts of another build are never read. */
  readonly buildId?: string;
  readonly allFiles?: boolean;
  readonly minConfidence?: Confidence;
  readonly knowledge?: Knowledge;
}

export function createSession(options: SessionOptions): SessionApi {
  const { root, allFiles = false, minConfidence, knowledge } = options;
  const cache = openFactCache(
    options.cacheFolder && cacheFileOf(options.cacheFolder, root),
    options.buildId ?? 'source',
  );
  const workspace = createWorkspace(root, cache);
  const ruleIds = new Set([...rules.map(rule => rule.meta.id), ...HYGIENE_RULES.map(rule => rule.id)]);
  const failed = new Set<string>();
  const listeners = new Set<(files: readonly string[]) => void>();
  let analysis: Analysis | undefined;
  let report: ScanReport | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;

  const runAnalysis = (
    facts: ReadonlyMap<string, Facts>,
    textOf: (file: string) => string | undefined,
    marked: readonly string[],
    now?: () => number,
  ): Analysis => {
    const configs = readConfigs(workspace.configs, ruleIds);
    return analyse({
      facts,
      textOf,
      markedFiles: marked,
      config: configs.lookup,
      allFiles,
      ...(minConfidence ? { minConfidence } : {}),
      run: { failed, ...(now ? { now } : {}) },
    });
  };

  const doScan: SessionApi['scan'] = async ({ signal, onProgress } = {}) => {
    signal?.throwIfAborted();
    if (report && !workspace.isStale) return report;
    const started = performance.now();
    await workspace.refresh({
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (done, total) => onProgress(done, total, 'read') } : {}),
    });
    const read = performance.now();
    onProgress?.(0, 1, 'analyse');
    await new Promise(resolve => setImmediate(resolve));
    signal?.throwIfAborted();
    const before = report;
    analysis = runAnalysis(workspace.facts, workspace.text, workspace.marked, () => performance.now());
    const analysed = performance.now();
    cache.save();
    const { files, lines, bytes, cached } = workspace.stats;
    report = {
      findings: analysis.findings,
      problems: [
        ...readConfigs(workspace.configs, ruleIds).problems,
        ...workspace.problems,
        ...artefactProblems(workspace.facts),
        ...analysis.problems,
      ],
      stats: {
        files,
        lines,
        bytes,
        cachedFiles: cached,
        phases: {
          'read and extract': read - started,
          'link and rules': analysed - read,
          'write cache': performance.now() - analysed,
        },
        rules: analysis.timings,
      },
    };
    if (before) notify(before, report);
    return report;
  };

  /** One scan at a time; a second caller waits and then usually finds nothing left to do. */
  const scan: SessionApi['scan'] = scanOptions => {
    const next = running.then(
      () => doScan(scanOptions),
      () => doScan(scanOptions),
    );
    running = next.catch(() => undefined);
    return next;
  };

  const notify = (before: ScanReport, after: ScanReport): void => {
    const files = changedFiles(before.findings, after.findings);
    if (files.length > 0) for (const listener of listeners) listener(files);
  };

  const current = async (): Promise<Analysis> => {
    await scan();
    return analysis!;
  };

  const exam = (change: Change, targets: readonly Finding[]): string[] => {
    const laid = overlay(change, workspace.text);
    if (!laid) return ['The change does not fit the current text.'];
    const facts = new Map(workspace.facts);
    const broken: string[] = [];
    for (const [file, text] of laid.files) {
      const own = factsOf(file, text);
      if (own) facts.set(file, own);
      if (isBroken(own) && !isBroken(workspace.facts.get(file))) broken.push(file);
    }
    const textOf = (file: string): string | undefined => laid.files.get(file) ?? workspace.text(file);
    const sorted = new Map([...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
    const after = runAnalysis(sorted, textOf, [...new Set([...workspace.marked, ...laid.files.keys()])]);
    return examine(targets, analysis!.findings, after.findings, broken);
  };

  const changeOf = (draft: FixDraft): Change | undefined => {
    const change = draft.change({ model: analysis!.model, text: workspace.text });
    return change && (change.edits.length > 0 || change.newFiles.length > 0) ? change : undefined;
  };

  return {
    root,
    scan,

    applyChanges(changes: readonly ChangedDocument[]) {
      for (const { file, text } of changes) workspace.change(file, text);
      if (!report || isDisposed) return;
      clearTimeout(timer);
      timer = setTimeout(() => void scan().catch(() => undefined), DEBOUNCE_MS);
      timer.unref();
    },

    async routes() {
      return (await current()).model.endpoints.map(toRouteInfo);
    },

    async trends() {
      const { model, findings } = await current();
      return trendInfos(model, findings, knowledge);
    },

    rules: () => rules.map(rule => toRuleInfo(rule.meta, knowledge)),

    async fixes(fingerprint) {
      const { findings, fixesOf } = await current();
      const finding = findings.find(one => one.fingerprint === fingerprint);
      if (!finding) return [];
      const out: VerifiedFix[] = [];
      for (const [position, draft] of fixesOf(finding).entries()) {
        const change = changeOf(draft);
        const offer = finding.fixes[position];
        if (change && offer && exam(change, [finding]).length === 0) out.push({ ...offer, change });
      }
      return out;
    },

    async fixAll(ruleId, files) {
      const { findings, fixesOf } = await current();
      const wanted = findings.filter(
        one => one.ruleId === ruleId && !one.suppression && (!files || files.includes(one.span.file)),
      );
      const parts = wanted.flatMap(finding => {
        const change = fixesOf(finding)
          .filter(draft => draft.kind === 'auto')
          .map(changeOf)
          .find(one => one !== undefined);
        return change ? [{ finding, change }] : [];
      });
      const kept = withoutOverlaps(parts);
      if (kept.length === 0) return undefined;
      const change = mergeChanges(kept.map(part => part.change));
      if (
        exam(
          change,
          kept.map(part => part.finding),
        ).length > 0
      )
        return undefined;
      return { id: `${ruleId}#all`, title: `Fix ${kept.length} findings of ${ruleId}`, kind: 'auto', change };
    },

    async verify(fingerprint, change) {
      const { findings } = await current();
      const finding = findings.find(one => one.fingerprint === fingerprint);
      if (!finding) return { ok: false, reasons: ['The finding is not there any more.'] };
      const reasons = exam(change, [finding]);
      return { ok: reasons.length === 0, reasons };
    },

    async explain(file, offset) {
      const { model, findings } = await current();
      return explainPlace(model, findings, workspace.text, file, offset);
    },

    text: async file => workspace.text(file),

    onDidUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      listeners.clear();
    },
  };
}

function isBroken(facts: Facts | undefined): boolean {
  if (!facts) return false;
  return facts.kind === 'source' ? facts.broken === true : facts.problems.length > 0;
}

function artefactProblems(facts: ReadonlyMap<string, Facts>): ScanReport['problems'] {
  return [...facts].flatMap(([file, one]) => {
    if (one.kind === 'source' || one.problems.length === 0) return [];
    return [{ code: 'artefact-unparsed' as const, message: one.problems[0]!.message, file, incomplete: false }];
  });
}

function toRuleInfo(meta: (typeof rules)[number]['meta'], knowledge: Knowledge | undefined): RuleInfo {
  return {
    id: meta.id,
    title: knowledge?.rule(meta.id)?.title ?? meta.id,
    theme: meta.theme,
    severity: meta.severity,
    confidence: meta.confidence,
    cwe: meta.cwe,
    owasp: meta.owasp,
    ...(meta.fix ? { fix: meta.fix } : {}),
    docs: `knowledge/rules/${meta.id}.md`,
    defaultOn: meta.defaultOn ?? true,
  };
}

/** Files whose findings differ between two reports. */
function changedFiles(before: readonly Finding[], after: readonly Finding[]): string[] {
  const keysOf = (findings: readonly Finding[]): Map<string, string> => {
    const out = new Map<string, string>();
    for (const { span, fingerprint, severity, suppression } of findings) {
      const key = `${fingerprint} ${span.start} ${span.end} ${severity} ${suppression?.kind ?? ''};`;
      out.set(span.file, (out.get(span.file) ?? '') + key);
    }
    return out;
  };
  const was = keysOf(before);
  const is = keysOf(after);
  return [...new Set([...was.keys(), ...is.keys()])].filter(file => was.get(file) !== is.get(file)).sort();
}

/** Drops changes that touch a range an earlier one touches, or create a file an earlier one creates. */
function withoutOverlaps<T extends { readonly change: Change }>(parts: readonly T[]): T[] {
  const taken: { file: string; start: number; end: number }[] = [];
  const created = new Set<string>();
  return parts.filter(({ change }) => {
    const clash =
      change.newFiles.some(one => created.has(one.file)) ||
      change.edits.some(({ span }) =>
        taken.some(
          other =>
            other.file === span.file &&
            span.start <= other.end &&
            other.start <= span.end &&
            !(span.start === span.end && other.start === other.end && span.start !== other.start),
        ),
      );
    if (clash) return false;
    for (const { span } of change.edits) taken.push(span);
    for (const one of change.newFiles) created.add(one.file);
    return true;
  });
}

function mergeChanges(changes: readonly Change[]): Change {
  return { edits: changes.flatMap(one => one.edits), newFiles: changes.flatMap(one => one.newFiles) };
}
