import { AdvisorError } from './advisor-error.ts';
import { type Endpoint, wrongUrl } from './endpoint.ts';

const TOO_LONG = /context.?length|context.?window|maximum context|too many tokens|prompt is too long|too large/i;
const NO_MODEL =
  /model.{0,200}?(?:not found|does not exist|not exist|unknown|invalid|not supported|not available)|(?:no such|unknown|invalid) model/i;

/** The parts of an error that are looked at; its texts decide the kind but are never passed on. */
interface Failure {
  readonly status?: number | undefined;
  readonly code?: unknown;
  readonly message?: unknown;
  readonly headers?: unknown;
  readonly cause?: unknown;
}

/** Translates whatever the client threw into an error whose text is ours. */
export function toAdvisorError(thrown: unknown, { origin }: Endpoint, model: string | undefined): AdvisorError {
  for (let error = thrown; error instanceof Error; error = error.cause) if (error instanceof AdvisorError) return error;
  const failure = (thrown ?? {}) as Failure;
  const text = `${String(failure.code ?? '')} ${String(failure.message ?? '')}`;
  if (failure.status !== undefined) return ofStatus(failure, failure.status, text, origin, model);
  if (thrown instanceof SyntaxError) return malformed(origin);
  if (TOO_LONG.test(text)) return tooLong(model);

  const cause = causeCode(thrown);
  if (cause === 'UND_ERR_SOCKET' || cause === 'ECONNRESET' || /terminated|premature|other side closed/i.test(text)) {
    return new AdvisorError('unreachable', `The connection to ${origin} was cut before the answer was complete.`, {
      transient: true,
    });
  }
  if (isConnectionError(thrown)) {
    return new AdvisorError('unreachable', `${origin} cannot be reached${reason(cause)}.`, {
      wrong: 'url',
      transient: cause !== 'ENOTFOUND' && !cause?.includes('CERT'),
    });
  }
  return new AdvisorError('server-error', `${origin} could not answer.`);
}

function ofStatus(
  { headers }: Failure,
  status: number,
  text: string,
  origin: string,
  model: string | undefined,
): AdvisorError {
  if (status === 401) return badKey(`${origin} does not accept the key.`);
  if (status === 403) return badKey(`${origin} does not let this key use ${model ?? 'its models'}.`);
  if (status === 402 || /insufficient_quota/.test(text)) {
    return new AdvisorError('rate-limited', `The quota of the key for ${origin} is used up.`, { wrong: 'key' });
  }
  if (status === 429) {
    const retryAfterMs = retryAfter(headers);
    return new AdvisorError('rate-limited', `${origin} gets too many requests: try again later.`, {
      transient: true,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  if (status >= 500) {
    const retryAfterMs = retryAfter(headers);
    return new AdvisorError('server-error', `${origin} has a problem of its own (status ${status}).`, {
      transient: status !== 501,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  if (status === 413 || TOO_LONG.test(text)) return tooLong(model);
  if (model && NO_MODEL.test(text)) {
    return new AdvisorError('model-not-found', `${origin} does not know the model ${model}.`, { wrong: 'model' });
  }
  if (status === 404 || status === 405)
    return wrongUrl(`${origin} has no chat API at this path: check the URL, it often ends in /v1.`);
  return new AdvisorError('server-error', `${origin} does not accept the request (status ${status}).`);
}

export function malformed(origin: string): AdvisorError {
  return new AdvisorError(
    'malformed',
    `${origin} answered with something that is not a chat completion: check the URL.`,
    {
      wrong: 'url',
    },
  );
}

function tooLong(model: string | undefined): AdvisorError {
  return new AdvisorError('too-long', `The prompt is too long for ${model ?? 'the model'}: lower the token budget.`);
}

function badKey(message: string): AdvisorError {
  return new AdvisorError('unauthorized', message, { wrong: 'key' });
}

/** Milliseconds, from seconds or a date; https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfter(headers: unknown): number | undefined {
  const value = headers instanceof Headers ? headers.get('retry-after') : null;
  if (value === null) return undefined;
  const ms = /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function isConnectionError(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof TypeError || /connection/i.test(error.message)) return true;
  }
  return false;
}

/** The system's error code, from wherever in the chain it stands. */
function causeCode(thrown: unknown): string | undefined {
  let code: string | undefined;
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z_]{3,60}$/.test(error.code)) code = error.code;
  }
  return code;
}

function reason(code: string | undefined): string {
  if (code === 'ECONNREFUSED') return ': nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return ': no such host';
  if (code?.includes('CERT') || code?.includes('SIGNATURE')) return ': its certificate is not trusted';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return ': it does not answer';
  return '';
}
