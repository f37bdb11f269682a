import type { Evidence } from '../model/finding.ts';
import type { ChainLink, Endpoint } from './endpoint.ts';

/** The places that were looked at for each verdict, in the order a request passes them. */
export function proofOf(chain: readonly ChainLink[]): Endpoint['proof'] {
  const out: (Evidence & { aspect: 'auth' | 'authorization' | 'validation' | 'rateLimit' })[] = [];
  for (const link of chain) {
    const message = `${link.via}: ${link.why}`;
    out.push({ span: link.span, message, aspect: 'auth' });
    for (const one of link.evidence) out.push({ ...one, aspect: 'auth' });
    if (link.roles.includes('limits-rate')) out.push({ span: link.span, message, aspect: 'rateLimit' });
    if (link.roles.includes('authorizes')) out.push({ span: link.span, message, aspect: 'authorization' });
    if (link.roles.some(role => role.startsWith('validates')))
      out.push({ span: link.span, message, aspect: 'validation' });
  }
  return out;
}
