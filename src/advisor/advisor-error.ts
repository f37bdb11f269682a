/** What went wrong with a model, in a form that surfaces can act on. */
export type AdvisorErrorCode =
  | 'unreachable'
  | 'unauthorized'
  | 'rate-limited'
  | 'model-not-found'
  | 'malformed'
  | 'too-long'
  | 'cancelled'
  | 'timeout'
  | 'refused'
  | 'no-model'
  | 'server-error';

/** The one setting to look at first. */
export type WrongSetting = 'url' | 'key' | 'model';

/** Plain form of an error, for messages between processes. */
export interface AdvisorProblem {
  readonly code: AdvisorErrorCode;
  readonly message: string;
  readonly wrong?: WrongSetting;
  /** Milliseconds until it is worth asking again. */
  readonly retryAfterMs?: number;
}

/**
 * The only error that leaves the advisor. Its message is ours, word for word: text from an endpoint may repeat
 * a key or source code and is never copied into it, and no cause is attached.
 */
export class AdvisorError extends Error {
  readonly code: AdvisorErrorCode;
  readonly wrong: WrongSetting | undefined;
  readonly retryAfterMs: number | undefined;
  /** True if the same request may well succeed a moment later. */
  readonly transient: boolean;

  constructor(
    code: AdvisorErrorCode,
    message: string,
    more: { wrong?: WrongSetting; retryAfterMs?: number; transient?: boolean } = {},
  ) {
    super(message);
    this.name = 'AdvisorError';
    this.code = code;
    this.wrong = more.wrong;
    this.retryAfterMs = more.retryAfterMs;
    this.transient = more.transient ?? false;
  }

  toJSON(): AdvisorProblem {
    return {
      code: this.code,
      message: this.message,
      ...(this.wrong && { wrong: this.wrong }),
      ...(this.retryAfterMs !== undefined && { retryAfterMs: this.retryAfterMs }),
    };
  }

  static from({ code, message, wrong, retryAfterMs }: AdvisorProblem): AdvisorError {
    return new AdvisorError(code, message, {
      ...(wrong && { wrong }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
}

export function cancelled(): AdvisorError {
  return new AdvisorError('cancelled', 'The request was cancelled.');
}
