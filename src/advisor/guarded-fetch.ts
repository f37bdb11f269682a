import { AdvisorError } from './advisor-error.ts';
import { type Endpoint, parseUrl, wrongUrl } from './endpoint.ts';

const MAX_REDIRECTS = 3;
/** All a chat request needs. The client library adds figures about the machine, and headers from the environment. */
const SENT_HEADERS = ['authorization', 'content-type', 'accept'];

/**
 * A fetch that sends a key and code to one origin only: a redirect to another is an error, and so is an answer
 * of more than `maxBytes`.
 */
export function guardedFetch(endpoint: Endpoint, maxBytes: number): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : input);
    const given = new Headers(init?.headers);
    const headers = new Headers({ 'user-agent': 'underpin' });
    for (const name of SENT_HEADERS) if (given.has(name)) headers.set(name, given.get(name)!);

    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await fetch(url, { ...init, headers, redirect: 'manual' });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || !location) return capped(response, maxBytes);
      await response.body?.cancel();
      url = redirected(url, location, response.status, init?.method ?? 'GET', endpoint);
    }
    throw wrongUrl(`${endpoint.origin} redirects in circles: check the URL of the AI endpoint.`);
  };
}

function redirected(from: URL, location: string, status: number, method: string, { origin }: Endpoint): URL {
  const to = parseUrl(location, from);
  if (!to || to.origin !== origin) {
    const target = to ? to.origin : 'somewhere else';
    throw wrongUrl(`${origin} redirects to ${target}. Nothing was sent there; if it is right, make it the URL.`);
  }
  if (method !== 'GET' && status !== 307 && status !== 308) {
    throw wrongUrl(`${origin} redirects the request to another page: check the path of the URL.`);
  }
  return to;
}

function capped(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let bytes = 0;
  const cap = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes)
        controller.error(new AdvisorError('too-long', 'The answer of the AI endpoint is far too long.'));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(cap), { status, statusText, headers });
}
