import type { Endpoint } from '../link/endpoint.ts';
import type { FunctionFact } from '../model/facts.ts';

/** Parts of the request that something before the handler checked, on every way to it; `arguments.…` hold no text. */
export function checkedParts(endpoints: readonly Endpoint[]): Map<FunctionFact, ReadonlySet<string>> {
  const out = new Map<FunctionFact, Set<string>>();
  for (const endpoint of endpoints) {
    const { handler } = endpoint;
    if (!handler) continue;
    const parts = checkedBefore(endpoint);
    const known = out.get(handler.fn);
    out.set(handler.fn, known ? new Set([...known].filter(part => parts.has(part))) : parts);
  }
  return out;
}

/** The same for one endpoint. */
export function checkedBefore({ chain, plain = [] }: Endpoint): Set<string> {
  const parts = new Set(
    chain.flatMap(link => link.roles.flatMap(role => (role.startsWith('validates-') ? [role.slice(10)] : []))),
  );
  for (const path of plain) parts.add(`arguments.${path}`);
  // Who signed what was sent is trusted to have written it.
  if (chain.some(link => link.roles.includes('verifies-signature'))) for (const part of SIGNED) parts.add(part);
  return parts;
}

const SIGNED = ['body', 'raw', 'query', 'files'];
