import { lineIndex } from '../common/line-index.ts';
import type { FileSettings } from '../engine/config/lookup.ts';
import type { Endpoint } from '../engine/link/endpoint.ts';
import type { Model } from '../engine/link/model.ts';
import type { Finding } from '../engine/model/finding.ts';
import { type Span, touches } from '../engine/model/span.ts';
import { type CallAt, callsAt, endedAt } from '../engine/queries/silence.ts';
import type { AnyRule } from '../engine/rules/rule.ts';
import { runRules } from '../engine/rules/run.ts';
import { listed } from './routes.ts';

export interface Question {
  readonly model: Model;
  readonly rule: AnyRule;
  readonly settings: FileSettings;
  /** As the last scan left them: suppressed ones are there, those below the wanted confidence are not. */
  readonly findings: readonly Finding[];
  readonly textOf: (file: string) => string | undefined;
  readonly file: string;
  /** The line asked about. */
  readonly at: Span;
}

/** Why a rule reports nothing on a line: what ended it, from the settings down to the values that get there. */
export function explainSilence(question: Question): string {
  const { file, at, textOf, rule } = question;
  const line = lineIndex(textOf(file) ?? '').positionAt(at.start).line + 1;
  const reasons = reported(question) ?? unseen(question) ?? (rule.meta.sinks ? ofFlows(question) : ofRoutes(question));
  return `${file}:${line}  ${rule.meta.id}\n${reasons.map(reason => `  ${reason}\n`).join('')}`;
}

/** It found something here, and something else kept it from being shown. */
function reported({ model, rule, findings, settings, at, textOf }: Question): string[] | undefined {
  const { id, defaultOn } = rule.meta;
  const own = findings.filter(({ ruleId, span }) => ruleId === id && touches(span, at));
  if (own.length > 0)
    return own.map(({ suppression, message }) => {
      if (!suppression) return `It reports here: ${message}`;
      if (suppression.kind === 'baseline') return `The baseline accepts it: ${message}`;
      const place = suppression.span ? ` at ${where(suppression.span, textOf)}` : '';
      return `The ignore comment${place} accepts it${suppression.reason ? ` (${suppression.reason})` : ''}: ${message}`;
    });
  const drafts = runRules(model, [rule]).drafts.filter(({ span }) => touches(span, at));
  const [draft] = drafts;
  if (!draft) return undefined;
  const choice = settings.rule(id);
  const found = `It finds this: ${draft.message}`;
  if (choice.enabled === false) return [found, 'The configuration switches the rule off for this file.'];
  if (choice.enabled === undefined && defaultOn === false)
    return [found, 'The rule is off unless a configuration asks for it.'];
  if (!settings.reported) return [found, 'The configuration leaves this file out of reports.'];
  const confidence = choice.confidence ?? draft.confidence;
  if (confidence !== 'high')
    return [found, `Its confidence is ${confidence}; findings below ${settings.minConfidence} are not shown.`];
  return [found, 'Another finding at the same place stands for it.'];
}

/** The file is none that rules look at. */
function unseen({ model, file }: Question): string[] | undefined {
  const facts = model.project.sources.get(file);
  if (!facts && !model.project.artefacts.has(file)) return ['The file is not read: it is neither source nor manifest.'];
  if (facts?.generated) return ['The file is generated: nothing is reported on it.'];
  if (model.isJudged(file)) return undefined;
  return [`The file counts as ${model.project.roleOf(file)} and is not judged; --all-files looks at it too.`];
}

function ofFlows({ model, rule, at, textOf }: Question): string[] {
  const kinds = rule.meta.sinks ?? [];
  const out: string[] = [];
  const { ended, cut } = endedAt(model, kinds, at);
  for (const { source, sink, ended: by } of ended)
    out.push(
      `\`${source.text}\` (${where(source.span, textOf)}) reaches \`${sink.callee}\`, but ${by?.message ?? 'is harmless there'}${by ? ` (${where(by.span, textOf)})` : ''}.`,
    );
  if (out.length === 0) for (const call of callsAt(model, kinds, at)) out.push(...ofCall(model, call, textOf));
  if (out.length === 0) out.push('No call that the rule knows stands on this line.');
  if (cut > 0)
    out.push(`A limit cut ${cut} ${cut === 1 ? 'way' : 'ways'} in this workspace: the answer may be incomplete.`);
  return out;
}

function ofCall(model: Model, { text, fn, isUnknown, isSink, gaps }: CallAt, textOf: Question['textOf']): string[] {
  if (isUnknown) return [`What \`${text}\` is could not be found out, so nothing is known to do harm there.`];
  if (!isSink) return [`\`${text}\` is no call in which a value does the harm that the rule is about.`];
  const gap = gaps.map(one => `What \`${one.text}\` gives (${where(one.span, textOf)}) is not known and not followed.`);
  const way = model.reached.get(fn);
  const [first] = way?.endpoints ?? [];
  if (gap.length > 0) return gap;
  if (!way) return [`No request, message or event is known to get to \`${text}\`: nobody outside chooses its values.`];
  const route = first ? ` on the way of ${first.method} ${first.path}` : '';
  return [`\`${text}\` is reached${route}, but no value that a sender chose is known to get into it.`];
}

/** Rules about routes speak of what a route lacks. */
function ofRoutes({ model, at, textOf }: Question): string[] {
  const routes = listed(model).filter(({ span }) => touches(span, at));
  if (routes.length === 0) return ['Nothing that the rule is about was found on this line.'];
  return routes.flatMap(route => ofRoute(route, textOf));
}

function ofRoute(
  { method, path, partial, isPublic, proof, ...verdicts }: Endpoint,
  textOf: Question['textOf'],
): string[] {
  const { auth, authorization, validation, rateLimit } = verdicts;
  return [
    `${method} ${path}: authentication ${auth}, authorization ${authorization}, validation ${validation}, rate limit ${rateLimit}.`,
    ...(partial === undefined
      ? []
      : [`Not everything about it is known: ${partial}. Nothing is said to be absent there.`]),
    ...(isPublic === undefined ? [] : [`It counts as open on purpose: ${isPublic}.`]),
    ...proof.map(({ aspect, message, span }) => `${aspect}: ${message} (${where(span, textOf)})`),
  ];
}

function where({ file, start }: Span, textOf: Question['textOf']): string {
  const text = textOf(file);
  return text === undefined ? file : `${file}:${lineIndex(text).positionAt(start).line + 1}`;
}
