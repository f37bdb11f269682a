import { AdvisorError } from './advisor-error.ts';

const PRIVATE_HOST =
  /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|\[f[cd][0-9a-f:]+\]|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|169\.254\.\d+\.\d+|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+|.*\.(?:local|internal|lan|home|test)|[a-z0-9-]+)$/i;

export interface Endpoint {
  /** Without a slash at the end. */
  readonly url: string;
  readonly origin: string;
  /** True on this machine or in a private network: a key is optional and http is accepted. */
  readonly isPrivate: boolean;
}

/** Checks a base URL before anything is sent to it. */
export function parseEndpoint(baseUrl: string): Endpoint {
  const url = parseUrl(baseUrl.trim());
  if (!url || !/^https?:$/.test(url.protocol) || !url.hostname) {
    throw wrongUrl('The URL of the AI endpoint is not a web address such as https://api.openai.com/v1.');
  }
  if (url.username || url.password) {
    throw wrongUrl('The URL of the AI endpoint holds a user name or password: put the key into its own setting.');
  }
  const isPrivate = PRIVATE_HOST.test(url.hostname);
  if (url.protocol === 'http:' && !isPrivate) {
    throw wrongUrl(
      `The URL of the AI endpoint (${url.origin}) must use https, because key and code would travel in the open.`,
    );
  }
  return { url: (url.origin + url.pathname).replace(/\/+$/, ''), origin: url.origin, isPrivate };
}

/** A key that fits into a header; undefined if none is set. */
export function parseKey(apiKey: string | undefined, { isPrivate, origin }: Endpoint): string | undefined {
  const key = apiKey?.trim() ?? '';
  if (/[^\x21-\x7e]/.test(key)) {
    throw new AdvisorError('unauthorized', `The key for ${origin} holds characters that no key has: set it again.`, {
      wrong: 'key',
    });
  }
  if (key === '' && !isPrivate) {
    throw new AdvisorError('unauthorized', `No key is set for ${origin}.`, { wrong: 'key' });
  }
  return key === '' ? undefined : key;
}

export function wrongUrl(message: string): AdvisorError {
  return new AdvisorError('unreachable', message, { wrong: 'url' });
}

export function parseUrl(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
}
