import { lineIndex } from '../common/line-index.ts';
import { toPosixPath } from '../common/path.ts';
import { BASELINE_FILE, readBaseline } from '../engine/baseline/file.ts';
import { type Analysis, type AnalysisInput, analyse, linkFacts } from '../engine/engine.ts';
import type { Facts } from '../engine/facts-of.ts';
import { HYGIENE_RULES } from '../engine/findings/hygiene.ts';
import type { Model } from '../engine/link/model.ts';
import { createLiving } from '../engine/living.ts';
import type { Confidence } from '../engine/model/finding.ts';
import { rules } from '../engine/rules/index.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { ChangedDocument, ScanOptions, ScanReport, ScanStats, SessionApi } from './api.ts';
import { createConfigReader } from './configs.ts';
import { type ExamInput, exam, verifiedFixAll, verifiedFixes } from './exam-room.ts';
import { explainPlace } from './explain.ts';
import { cacheFileOf, openFactCache } from './fact-cache.ts';
import { openReportCache, reportKey } from './report-cache.ts';
import { changedFiles, ruleInfos } from './reports.ts';
import { describeRoutes, routeInfos } from './routes.ts';
import { teach } from './teach.ts';
import { trendInfos } from './trends.ts';
import { explainSilence } from './why-not.ts';
import { createWorkspace } from './workspace.ts';

/** Quiet time after an edit before the workspace is looked at again, in milliseconds. */
const DEBOUNCE_MS = 150;

export interface SessionOptions {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Folder for the fact cache; undefined: no cache on disk. */
  readonly cacheFolder?: string;
  /** Changes with every build, so that what another build kept is never read. */
  readonly buildId?: string;
  readonly allFiles?: boolean;
  readonly minConfidence?: Confidence;
  readonly knowledge?: Knowledge;
  /** Findings of the workspace's baseline file count as known; the command line applies baselines itself. */
  readonly useBaseline?: boolean;
  /** One report and no edits: nothing is noted that only an edit would need. */
  readonly isOnce?: boolean;
  /** The bundled worker for cold scans of large workspaces. */
  readonly workerUrl?: URL;
}

export function createSession(options: SessionOptions): SessionApi {
  const { root, allFiles = false, minConfidence, knowledge } = options;
  const buildId = options.buildId ?? 'source';
  const cacheFile = options.cacheFolder && cacheFileOf(options.cacheFolder, root);
  const cache = openFactCache(cacheFile, buildId);
  const reports = openReportCache(cacheFile && `${cacheFile}.report`);
  const workspace = createWorkspace(root, cache, options.workerUrl);
  const ruleIds = new Set([...rules.map(rule => rule.meta.id), ...HYGIENE_RULES.map(rule => rule.id)]);
  const configsOf = createConfigReader(ruleIds);
  const failed = new Set<string>();
  const listeners = new Set<(files: readonly string[]) => void>();
  let analysis: Analysis | undefined;
  let linked: Model | undefined;
  const living = options.isOnce ? undefined : createLiving();
  let report: ScanReport | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;

  const baselineText = (): { name: string; text: string } | undefined => {
    if (!options.useBaseline) return undefined;
    const name = configsOf(workspace).lookup.configOf('').baseline ?? BASELINE_FILE;
    const text = workspace.text(name);
    return text === undefined ? undefined : { name, text };
  };

  const runAnalysis = (
    facts: ReadonlyMap<string, Facts>,
    textOf: (file: string) => string | undefined,
    marked: readonly string[],
    from: Pick<AnalysisInput, 'living' | 'previous'>,
    now?: () => number,
  ): Analysis => {
    const baseline = baselineText();
    return analyse({
      facts,
      textOf,
      markedFiles: marked,
      config: configsOf(workspace).lookup,
      allFiles,
      ...(baseline ? { baseline: readBaseline(baseline.name, baseline.text).entries } : {}),
      ...(minConfidence ? { minConfidence } : {}),
      run: { failed, ...(now ? { now } : {}) },
      ...from,
    });
  };

  const analyseNow = (): Analysis => {
    if (analysis) return analysis;
    analysis = runAnalysis(workspace.facts, workspace.text, workspace.marked, living ? { living } : {}, () =>
      performance.now(),
    );
    if (living) workspace.adopt(living.adopted);
    return analysis;
  };

  /** The model of the current texts; no rule runs for it. */
  const modelNow = (): Model => {
    if (analysis) return analysis.model;
    const { lookup } = configsOf(workspace);
    linked ??= linkFacts(workspace.facts, lookup, allFiles, undefined, living);
    if (living) workspace.adopt(living.adopted);
    return linked;
  };

  const problemsOf = (done?: Analysis): ScanReport['problems'] => {
    const { problems } = configsOf(workspace);
    return [...problems, ...artefactProblems(workspace.facts), ...(done?.problems ?? [])];
  };

  const refresh = async ({ signal, onProgress }: ScanOptions): Promise<void> => {
    await workspace.refresh({
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress: (done, total) => onProgress(done, total, 'read') } : {}),
    });
    onProgress?.(0, 1, 'analyse');
    await new Promise(resolve => setImmediate(resolve));
    signal?.throwIfAborted();
    analysis = undefined;
    linked = undefined;
  };

  /** Names everything a report depends on. */
  const inputsKey = (): string =>
    reportKey([buildId, String(allFiles), minConfidence ?? '', baselineText()?.text ?? '', ...workspace.keys]);

  const doScan: SessionApi['scan'] = async (scanOptions = {}) => {
    scanOptions.signal?.throwIfAborted();
    if (report && !workspace.isStale) return report;
    const started = performance.now();
    await refresh(scanOptions);
    const read = performance.now();
    // Only the first scan may be answered from the last run: later ones are about an edit that was not there.
    const key = report ? undefined : inputsKey();
    const kept = key === undefined ? undefined : reports.get(key);
    const { findings, problems } = kept ?? { findings: analyseNow().findings, problems: problemsOf(analyseNow()) };
    const analysed = performance.now();
    if (!kept && key !== undefined) {
      cache.save();
      reports.set(key, { findings, problems });
    }
    const { cached, ...stats } = workspace.stats;
    const before = report;
    report = {
      findings,
      // What the disk refused is asked anew each time: no content tells it.
      problems: [...workspace.problems, ...problems],
      stats: {
        ...stats,
        cachedFiles: cached,
        phases: {
          'read and extract': read - started,
          ...(kept ? { 'kept report': analysed - read } : analyseNow().phases),
          'write cache': performance.now() - analysed,
        },
        rules: kept ? {} : analyseNow().timings,
        ...(kept ? {} : flowStats(analyseNow(), workspace.text)),
      },
    };
    if (before) notify(changedFiles(before.findings, report.findings));
    return report;
  };

  /** One scan at a time; a second caller waits and then usually finds nothing left to do. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = running.then(work, work);
    running = next.catch(() => undefined);
    return next;
  };
  const scan: SessionApi['scan'] = scanOptions => inTurn(() => doScan(scanOptions));

  const read: SessionApi['read'] = (scanOptions = {}) =>
    inTurn(async () => {
      // Whoever has a report is told of changes to it.
      if (report) return doScan(scanOptions);
      scanOptions.signal?.throwIfAborted();
      if (workspace.isStale) {
        await refresh(scanOptions);
        modelNow();
        cache.save();
      }
      return { problems: [...workspace.problems, ...problemsOf()] };
    });

  const notify = (files: readonly string[]): void => {
    if (files.length > 0) for (const listener of listeners) listener(files);
  };

  const current = async (): Promise<Analysis> => {
    await scan();
    return analyseNow();
  };

  const examInput = (now: Analysis): ExamInput => ({
    analysis: now,
    facts: workspace.facts,
    textOf: workspace.text,
    analyseAgain: (facts, textOf, changed) =>
      runAnalysis(facts, textOf, [...new Set([...workspace.marked, ...changed])], { previous: now.model.project }),
  });

  return {
    root,
    scan,
    read,

    applyChanges(changes: readonly ChangedDocument[]) {
      for (const { file, text } of changes) workspace.change(toPosixPath(file), text);
      if (!report || isDisposed) return;
      clearTimeout(timer);
      timer = setTimeout(() => void scan().catch(() => undefined), DEBOUNCE_MS);
      timer.unref();
    },

    async routes() {
      await read();
      return routeInfos(modelNow());
    },

    async descriptions() {
      await read();
      return describeRoutes(modelNow());
    },

    async trends() {
      const { model, findings } = await current();
      return trendInfos(model, findings, knowledge);
    },

    rules: () => ruleInfos(knowledge),

    async fixes(fingerprint) {
      const now = await current();
      const finding = now.findings.find(one => one.fingerprint === fingerprint);
      return finding ? verifiedFixes(examInput(now), finding) : [];
    },

    async fixAll(ruleId, files) {
      const now = await current();
      const only = files && new Set(files.map(toPosixPath));
      const wanted = now.findings.filter(
        one => one.ruleId === ruleId && !one.suppression && (!only || only.has(one.span.file)),
      );
      return verifiedFixAll(examInput(now), ruleId, wanted);
    },

    async verify(fingerprint, change) {
      const now = await current();
      const finding = now.findings.find(one => one.fingerprint === fingerprint);
      if (!finding) return { ok: false, reasons: ['The finding is not there any more.'] };
      const reasons = exam(examInput(now), change, [finding]);
      return { ok: reasons.length === 0, reasons };
    },

    async teach(teaching) {
      await read();
      return teach(workspace.text, teaching);
    },

    async denied() {
      await read();
      return configsOf(workspace).lookup.denied;
    },

    async explain(file, offset) {
      const { model, findings } = await current();
      return explainPlace(model, findings, workspace.text, toPosixPath(file), offset);
    },

    async whyNot(ruleId, file, offset) {
      const { model, findings } = await current();
      const path = toPosixPath(file);
      const rule = rules.find(({ meta }) => meta.id === ruleId);
      const text = workspace.text(path);
      if (!rule || text === undefined) return undefined;
      const lines = lineIndex(text);
      const at = { file: path, ...lines.lineRange(lines.positionAt(offset).line) };
      const settings = configsOf(workspace).lookup.settingsOf(path);
      return explainSilence({ model, rule, settings, findings, textOf: workspace.text, file: path, at });
    },

    text: async file => workspace.text(toPosixPath(file)),

    onDidUpdate(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    dispose() {
      isDisposed = true;
      clearTimeout(timer);
      listeners.clear();
      cache.save();
    },
  };
}

function flowStats(
  { flows }: Analysis,
  textOf: (file: string) => string | undefined,
): Pick<ScanStats, 'cutFlows' | 'functions'> {
  if (!flows) return {};
  const places = flows.slowest.map(({ file, name, start, ms }) => {
    const { line } = lineIndex(textOf(file) ?? '').positionAt(start);
    return [`${file}:${line + 1} ${name}`, ms] as const;
  });
  return { cutFlows: flows.solution.cut, functions: Object.fromEntries(places) };
}

function artefactProblems(facts: ReadonlyMap<string, Facts>): ScanReport['problems'] {
  return [...facts].flatMap(([file, one]) => {
    if (one.kind === 'source' || one.problems.length === 0) return [];
    return [{ code: 'artefact-unparsed' as const, message: one.problems[0]!.message, file, incomplete: false }];
  });
}
