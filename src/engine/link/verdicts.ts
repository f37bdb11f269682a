import type { ChainLink, Verdict } from './endpoint.ts';

/** Whether a chain does what a role stands for; unknown where something unseen may. */
export function verdict(
  chain: readonly ChainLink[],
  role: ChainLink['roles'][number],
  partial: string | undefined,
): Verdict {
  const proves = (link: ChainLink): boolean =>
    link.roles.includes(role) || (role === 'authenticates' && link.roles.includes('verifies-signature'));
  if (chain.some(link => proves(link) && !link.roles.includes('unknown'))) return 'yes';
  return partial || chain.some(link => isDoubtful(link, role)) ? 'unknown' : 'no';
}

/** A limiter that may not run leaves nothing open but the rate. */
function isDoubtful({ roles }: ChainLink, role: ChainLink['roles'][number]): boolean {
  return roles.includes('unknown') && (role === 'limits-rate' || !roles.includes('limits-rate') || roles.length > 2);
}

/** The same for validators of whichever part of the input. */
export function validationVerdict(chain: readonly ChainLink[], partial: string | undefined): Verdict {
  if (chain.some(link => link.roles.some(role => role.startsWith('validates')))) return 'yes';
  return partial || chain.some(link => isDoubtful(link, 'validates-body')) ? 'unknown' : 'no';
}
