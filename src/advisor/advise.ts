import type { Finding } from '../engine/model/finding.ts';
import type { Change } from '../engine/model/span.ts';
import { AdvisorError, type AdvisorProblem, cancelled } from './advisor-error.ts';
import { ANSWER_SCHEMA, type Draft, parseAnswer } from './answer.ts';
import { toProblem } from './connection.ts';
import type { DenyList } from './deny.ts';
import { toChange } from './edits.ts';
import { type ConsentStore, renderPrompt } from './preview.ts';
import { buildPrompt, type Prompt } from './prompt.ts';
import type { ModelAnswer, ModelMessage, ModelProvider } from './provider.ts';
import { clip, clipToTokens } from './tokens.ts';
import { startWatch } from './watch.ts';

const MAX_REPAIRS = 2;
const DEFAULT_PROMPT_TOKENS = 6000;
const DEFAULT_OUTPUT_TOKENS = 3000;
/** Far more than any vocabulary packs into a token on average. */
const MAX_CHARACTERS_PER_TOKEN = 10;
const DEFAULT_ANSWER_MS = 600_000;
/** Characters of an answer in free form that are worth showing. */
const MAX_ADVICE = 6000;

/** What the advisor asks of the living workspace; a session fits. */
export interface Workspace {
  text(file: string): Promise<string | undefined>;
  /** The exam: parses, removes the finding, adds no new one. */
  verify(fingerprint: string, change: Change): Promise<{ readonly ok: boolean; readonly reasons: readonly string[] }>;
}

export interface AdviseInput {
  readonly finding: Finding;
  readonly knowledge?: string;
  readonly recipe?: string;
  readonly workspace: Workspace;
  readonly deny: DenyList;
  readonly provider?: ModelProvider;
  readonly consent: ConsentStore;
  readonly promptTokens?: number;
  readonly outputTokens?: number;
  /** Milliseconds one answer may take; a backstop, the provider's own limits come first. */
  readonly answerMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: AdviseProgress) => void;
}

export interface AdviseProgress {
  readonly stage: 'reading' | 'consent' | 'asking' | 'receiving' | 'checking' | 'repairing';
  /** 0 is the first answer. */
  readonly repair: number;
  /** Characters received of the current answer. */
  readonly received: number;
}

export type Advice =
  /** Passed the exam; may be offered as an edit. */
  | {
      readonly kind: 'verified';
      readonly change: Change;
      readonly summary: string;
      readonly notes: string;
      readonly repairs: number;
    }
  /** Not to be applied: what the model says, and why it is no more than that. */
  | { readonly kind: 'advice'; readonly text: string; readonly reason: string; readonly repairs: number }
  /** The answer without a model; `problem` or `reason` is for the status bar. */
  | { readonly kind: 'knowledge'; readonly text: string; readonly reason: string; readonly problem?: AdvisorProblem }
  | { readonly kind: 'cancelled' };

/** Never rejects. Whatever happens to the model, the answer from the knowledge base stays. */
export async function advise(input: AdviseInput): Promise<Advice> {
  const { provider, finding, deny, signal } = input;
  if (signal?.aborted) return { kind: 'cancelled' };
  if (!provider) return fromKnowledge(input, 'No AI provider is selected.');
  if (deny.isDenied(finding.span.file)) return fromKnowledge(input, 'This file is on the deny list and is not sent.');
  try {
    return await unlessAborted(ask(input, provider), signal);
  } catch (thrown) {
    const problem = toProblem(thrown);
    if (problem.code === 'cancelled' || signal?.aborted) return { kind: 'cancelled' };
    return { ...fromKnowledge(input, problem.message), problem };
  }
}

async function ask(input: AdviseInput, provider: ModelProvider): Promise<Advice> {
  const progress = (stage: AdviseProgress['stage'], repair = 0, received = 0) =>
    input.onProgress?.({ stage, repair, received });
  progress('reading');
  const prompt = await prepare(input, provider);
  progress('consent');
  if (!(await isAllowed(prompt, provider, input.consent)))
    return fromKnowledge(input, 'Sending the prompt was declined.');

  let messages = prompt.messages;
  let malformed = 0;
  for (let repairs = 0; ; ) {
    input.signal?.throwIfAborted();
    progress(repairs + malformed === 0 ? 'asking' : 'repairing', repairs);
    const answer = await complete(input, provider, messages, received => progress('receiving', repairs, received));
    const draft = parseAnswer(answer.text);
    if (!draft) {
      if (answer.finish === 'length')
        throw new AdvisorError('too-long', 'The answer of the model was cut at the length limit.');
      if (malformed++ === 0) {
        messages = followUp(
          prompt,
          answer.text,
          ['Answer again with one valid JSON object of the agreed form, nothing else.'],
          input,
        );
        continue;
      }
      return freeText(answer, repairs);
    }
    progress('checking', repairs);
    const outcome = await examine(draft, prompt, input);
    if ('change' in outcome) {
      return { kind: 'verified', change: outcome.change, summary: draft.summary, notes: draft.notes, repairs };
    }
    if (!outcome.repairable || repairs === MAX_REPAIRS) {
      return { kind: 'advice', text: describe(draft), reason: outcome.reasons.join(' '), repairs };
    }
    repairs++;
    messages = followUp(
      prompt,
      answer.text,
      ['Your change was not accepted:', ...outcome.reasons, 'Answer with a corrected JSON object.'],
      input,
    );
  }
}

function prepare(
  { finding, knowledge, recipe, workspace, deny, promptTokens, outputTokens, signal }: AdviseInput,
  provider: ModelProvider,
) {
  const room = (provider.maxInputTokens ?? Number.POSITIVE_INFINITY) - 2 * (outputTokens ?? DEFAULT_OUTPUT_TOKENS);
  return buildPrompt({
    finding,
    ...(knowledge && { knowledge }),
    ...(recipe && { recipe }),
    text: file => workspace.text(file),
    deny,
    // A small window leaves at least half of itself to the prompt.
    budget: Math.min(promptTokens ?? DEFAULT_PROMPT_TOKENS, Math.max(room, (provider.maxInputTokens ?? 0) / 2)),
    ...(provider.countTokens && { countTokens: (text: string) => provider.countTokens!(text, signal) }),
  });
}

async function isAllowed(prompt: Prompt, provider: ModelProvider, consent: ConsentStore): Promise<boolean> {
  if (await consent.isGranted(provider.destination)) return true;
  if (!(await consent.ask(renderPrompt(prompt, provider)))) return false;
  await consent.grant(provider.destination);
  return true;
}

/** Bounds length and time of an answer whatever the provider does; an editor's model has no limits of its own. */
async function complete(
  { signal, outputTokens = DEFAULT_OUTPUT_TOKENS, answerMs = DEFAULT_ANSWER_MS }: AdviseInput,
  provider: ModelProvider,
  messages: readonly ModelMessage[],
  onReceived: (characters: number) => void,
): Promise<ModelAnswer> {
  const watch = startWatch(signal, answerMs, `${provider.label} takes too long to answer.`);
  let received = 0;
  const onToken = (text: string) => {
    if (watch.error) return;
    received += text.length;
    if (received > outputTokens * MAX_CHARACTERS_PER_TOKEN) watch.stop(endless(provider));
    else onReceived(received);
  };
  try {
    const request = { messages, schema: ANSWER_SCHEMA, maxOutputTokens: outputTokens };
    const answer = await Promise.race([watch.stopped, provider.complete(request, { signal: watch.signal, onToken })]);
    if (answer.text.length > outputTokens * MAX_CHARACTERS_PER_TOKEN) throw endless(provider);
    return answer;
  } catch (error) {
    throw watch.error ?? error;
  } finally {
    watch.dispose();
  }
}

function endless({ label }: ModelProvider): AdvisorError {
  return new AdvisorError('too-long', `${label} did not come to an end; its answer was cut off.`);
}

type Outcome = { readonly change: Change } | { readonly reasons: readonly string[]; readonly repairable: boolean };

async function examine(draft: Draft, prompt: Prompt, { workspace, deny, finding }: AdviseInput): Promise<Outcome> {
  if (draft.edits.length === 0 && draft.newFiles.length === 0) {
    return { reasons: ['The model proposes no change.'], repairable: false };
  }
  const result = await toChange(draft, { files: prompt.files, deny, text: file => workspace.text(file) });
  if ('reasons' in result) return { ...result, repairable: true };
  const { edits, newFiles } = result.change;
  if (edits.length === 0 && newFiles.length === 0) return { reasons: ['The edits change nothing.'], repairable: true };
  try {
    const { ok, reasons } = await workspace.verify(finding.fingerprint, result.change);
    return ok ? result : { reasons, repairable: true };
  } catch {
    return { reasons: ['The change could not be examined.'], repairable: false };
  }
}

/** The first prompt, the last answer and what is wrong with it. Reasons may quote code, so they are redacted like it. */
function followUp(
  prompt: Prompt,
  answer: string,
  lines: readonly string[],
  { outputTokens }: AdviseInput,
): ModelMessage[] {
  const reasons = lines.map(line => clip(prompt.redactor.redact(line), 300)).join('\n');
  return [
    ...prompt.messages,
    {
      role: 'assistant',
      text: clipToTokens(prompt.redactor.redact(answer), outputTokens ?? DEFAULT_OUTPUT_TOKENS) || '{}',
    },
    { role: 'user', text: clipToTokens(reasons, 500) },
  ];
}

function freeText({ text }: ModelAnswer, repairs: number): Advice {
  const answer = text.trim();
  if (answer === '') throw new AdvisorError('malformed', 'The model answered with nothing.');
  return {
    kind: 'advice',
    text: clip(answer, MAX_ADVICE),
    reason: 'The model did not answer in the agreed form.',
    repairs,
  };
}

/** A draft as text, for reading only. */
function describe({ summary, edits, newFiles, notes }: Draft): string {
  const parts = [
    summary,
    ...edits.map(({ file, find, replace }) => `${file}:\n${diff(find, replace)}`),
    ...newFiles.map(({ file, text }) => `${file} (new):\n${diff('', text)}`),
    notes,
  ];
  return clip(parts.filter(part => part.trim() !== '').join('\n\n'), MAX_ADVICE);
}

function diff(before: string, after: string): string {
  const mark = (sign: string, text: string) => (text === '' ? [] : text.split('\n').map(line => `${sign} ${line}`));
  return [...mark('-', before), ...mark('+', after)].join('\n');
}

function fromKnowledge(
  { knowledge, recipe, finding }: AdviseInput,
  reason: string,
): Extract<Advice, { kind: 'knowledge' }> {
  const text = [knowledge, recipe].filter(part => part?.trim()).join('\n\n');
  return { kind: 'knowledge', text: text || finding.message, reason };
}

/** A workspace or a surface that does not listen to the signal must not keep the user waiting. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
