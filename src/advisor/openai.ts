import type { OpenAI } from 'openai';
import { AdvisorError, cancelled } from './advisor-error.ts';
import { type Endpoint, parseEndpoint, parseKey } from './endpoint.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { malformed, toAdvisorError } from './openai-errors.ts';
import type { CompleteOptions, ModelAnswer, ModelInfo, ModelProvider, ModelRequest } from './provider.ts';
import { startWatch, type Watch } from './watch.ts';

/** Times in milliseconds. */
export interface OpenAiLimits {
  /** Until the first piece of an answer; local models may load for a while. */
  readonly firstTokenMs: number;
  /** Between two pieces. */
  readonly idleMs: number;
  /** All attempts together. */
  readonly totalMs: number;
  readonly listMs: number;
  readonly retries: number;
  readonly backoffMs: number;
  /** A server that asks for more patience than this gets none. */
  readonly maxRetryAfterMs: number;
  readonly maxAnswerCharacters: number;
  readonly maxBodyBytes: number;
}

export const OPENAI_LIMITS: OpenAiLimits = {
  firstTokenMs: 120_000,
  idleMs: 30_000,
  totalMs: 300_000,
  listMs: 15_000,
  retries: 2,
  backoffMs: 500,
  maxRetryAfterMs: 20_000,
  maxAnswerCharacters: 80_000,
  maxBodyBytes: 8_000_000,
};

export interface OpenAiSettings {
  /** Any OpenAI-compatible base URL, usually with `/v1` at the end. */
  readonly baseUrl: string;
  /** May be empty in a private network. */
  readonly apiKey?: string;
  readonly model?: string;
  readonly limits?: Partial<OpenAiLimits>;
}

/** How an endpoint wants to be asked; learnt from its refusals and remembered. */
interface Dialect {
  schema: boolean;
  stream: boolean;
  limit: 'max_tokens' | 'max_completion_tokens' | undefined;
}

/** Throws `AdvisorError` if URL or key cannot be right. Loads the client library on first use. */
export function createOpenAiProvider(settings: OpenAiSettings): ModelProvider {
  const endpoint = parseEndpoint(settings.baseUrl);
  const key = parseKey(settings.apiKey, endpoint);
  const limits = { ...OPENAI_LIMITS, ...settings.limits };
  const { model } = settings;
  const dialect: Dialect = { schema: true, stream: true, limit: 'max_tokens' };
  let client: Promise<OpenAI> | undefined;
  const connect = () => {
    client ??= createClient(endpoint, key, limits);
    return client;
  };

  return {
    id: 'openai',
    label: model ? `${model} at ${endpoint.origin}` : endpoint.origin,
    destination: endpoint.url,

    async listModels(signal) {
      const watch = startWatch(signal, limits.listMs, `${endpoint.origin} does not answer.`);
      try {
        return await Promise.race([watch.stopped, connect().then(openai => modelsOf(openai, watch, endpoint))]);
      } catch (error) {
        throw watch.error ?? toAdvisorError(error, endpoint, undefined);
      } finally {
        watch.dispose();
      }
    },

    async complete(request, options = {}) {
      if (!model)
        throw new AdvisorError('no-model', `No model is selected for ${endpoint.origin}.`, { wrong: 'model' });
      const watch = startWatch(
        options.signal,
        limits.totalMs,
        `${model} at ${endpoint.origin} takes too long to answer.`,
      );
      try {
        const exchange = { endpoint, model, limits, dialect, request, options, watch };
        return await Promise.race([watch.stopped, connect().then(openai => persist(openai, exchange))]);
      } catch (error) {
        throw watch.error ?? toAdvisorError(error, endpoint, model);
      } finally {
        watch.dispose();
        // Ends what the race left behind.
        watch.stop(cancelled());
      }
    },
  };
}

interface Exchange {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly limits: OpenAiLimits;
  readonly dialect: Dialect;
  readonly request: ModelRequest;
  readonly options: CompleteOptions;
  readonly watch: Watch;
}

/** Asks until there is an answer, a reason to stop, or no attempt left. */
async function persist(openai: OpenAI, exchange: Exchange): Promise<ModelAnswer> {
  const { endpoint, model, limits, dialect, options, watch } = exchange;
  let received = false;
  const onToken = (text: string) => {
    received = true;
    options.onToken?.(text);
  };
  for (let attempt = 0; ; ) {
    try {
      return await ask(openai, { ...exchange, options: { ...options, onToken } });
    } catch (thrown) {
      if (watch.error) throw watch.error;
      if (adapt(dialect, thrown)) continue;
      const error = toAdvisorError(thrown, endpoint, model);
      // What was shown cannot be taken back, so an answer that broke off is not asked for again.
      if (!error.transient || received || attempt >= limits.retries) throw error;
      const pause = error.retryAfterMs ?? limits.backoffMs * 2 ** attempt;
      if (pause > limits.maxRetryAfterMs) throw error;
      attempt++;
      watch.expectNothing();
      await Promise.race([watch.stopped, new Promise(resolve => setTimeout(resolve, pause))]);
    }
  }
}

async function ask(openai: OpenAI, exchange: Exchange): Promise<ModelAnswer> {
  const { endpoint, model, limits, dialect, request, watch } = exchange;
  watch.expectWithin(limits.firstTokenMs, `${model} at ${endpoint.origin} did not begin to answer in time.`);
  const body = {
    model,
    messages: request.messages.map(({ role, text }) => ({ role, content: text })),
    ...(dialect.limit && { [dialect.limit]: request.maxOutputTokens }),
    ...(dialect.schema && request.schema && { response_format: responseFormat(request.schema) }),
  };
  if (!dialect.stream) {
    const completion = await openai.chat.completions.create({ ...body, stream: false }, { signal: watch.signal });
    return wholeAnswer(completion, exchange);
  }
  const { data, response } = await openai.chat.completions
    .create({ ...body, stream: true }, { signal: watch.signal })
    .withResponse();
  // Some servers ignore the wish to stream.
  if (/^application\/json/i.test(response.headers.get('content-type') ?? '')) {
    return wholeAnswer((await response.json()) as OpenAI.ChatCompletion, exchange);
  }
  return streamedAnswer(data, exchange);
}

async function streamedAnswer(
  stream: AsyncIterable<OpenAI.ChatCompletionChunk>,
  { endpoint, model, limits, options, watch }: Exchange,
): Promise<ModelAnswer> {
  let text = '';
  let reason: string | null | undefined;
  let chunks = 0;
  for await (const chunk of stream) {
    if (watch.error) break;
    watch.expectWithin(limits.idleMs, `${model} at ${endpoint.origin} stopped in the middle of its answer.`);
    chunks++;
    const choice = chunk.choices?.[0];
    if (choice?.delta?.refusal) throw refused(model);
    const piece = choice?.delta?.content;
    if (typeof piece === 'string' && piece !== '') {
      text += piece;
      if (text.length > limits.maxAnswerCharacters) throw endless(model);
      options.onToken?.(piece);
    }
    reason = choice?.finish_reason ?? reason;
  }
  if (watch.error) throw watch.error;
  if (chunks === 0) throw malformed(endpoint.origin);
  if (reason === 'content_filter') throw refused(model);
  return { text, finish: finishOf(reason) };
}

function wholeAnswer(completion: OpenAI.ChatCompletion, { endpoint, model, limits, options }: Exchange): ModelAnswer {
  // The type is a promise of the library, not of the server.
  const choice = (completion as Partial<OpenAI.ChatCompletion> | null)?.choices?.[0];
  const message = choice?.message;
  if (message?.refusal || choice?.finish_reason === 'content_filter') throw refused(model);
  if (typeof message?.content !== 'string') throw malformed(endpoint.origin);
  if (message.content.length > limits.maxAnswerCharacters) throw endless(model);
  options.onToken?.(message.content);
  return { text: message.content, finish: finishOf(choice?.finish_reason) };
}

function finishOf(reason: string | null | undefined): ModelAnswer['finish'] {
  if (reason === 'length') return 'length';
  return reason ? 'stop' : 'unknown';
}

/** Changes the way of asking if the refusal names it; false if there is nothing left to change. */
function adapt(dialect: Dialect, thrown: unknown): boolean {
  const { status, message, param } = (thrown ?? {}) as { status?: number; message?: unknown; param?: unknown };
  if (status === undefined || status === 401 || status === 403 || status === 429) return false;
  const text = `${String(param ?? '')} ${String(message ?? '')}`;
  if (dialect.schema && /response_format|json_schema|structured|schema|grammar/i.test(text)) {
    dialect.schema = false;
    return true;
  }
  if (dialect.limit && /max_(?:completion_)?tokens/.test(text)) {
    dialect.limit =
      dialect.limit === 'max_tokens' && text.includes('max_completion_tokens') ? 'max_completion_tokens' : undefined;
    return true;
  }
  if (dialect.stream && /\bstream(?:ing)?\b/i.test(text)) {
    dialect.stream = false;
    return true;
  }
  if (dialect.schema && (status === 400 || status === 415 || status === 422) && !/context|model/i.test(text)) {
    dialect.schema = false;
    return true;
  }
  return false;
}

async function modelsOf(openai: OpenAI, { signal }: Watch, { origin }: Endpoint): Promise<readonly ModelInfo[]> {
  const page: Partial<{ data: unknown }> | null = await openai.models.list({ signal });
  if (!Array.isArray(page?.data)) throw malformed(origin);
  const ids = page.data.map((model: { id?: unknown } | null) => model?.id).filter(id => typeof id === 'string');
  return [...new Set(ids)].sort().map(id => ({ id, label: id }));
}

async function createClient(endpoint: Endpoint, key: string | undefined, limits: OpenAiLimits): Promise<OpenAI> {
  const { OpenAI: Client } = await import('openai');
  // Retries, clocks and messages are ours: the library's pauses cannot be cancelled and its log quotes answers.
  // The nulls keep it from reading other credentials from the environment.
  return new Client({
    baseURL: endpoint.url,
    apiKey: key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: limits.totalMs,
    logLevel: 'off',
    fetch: guardedFetch(endpoint, limits.maxBodyBytes),
  });
}

function responseFormat(schema: Readonly<Record<string, unknown>>) {
  return { type: 'json_schema' as const, json_schema: { name: 'change', strict: true, schema: { ...schema } } };
}

function refused(model: string): AdvisorError {
  return new AdvisorError('refused', `${model} declined to answer.`);
}

function endless(model: string): AdvisorError {
  return new AdvisorError('too-long', `${model} did not come to an end; its answer was cut off.`);
}
