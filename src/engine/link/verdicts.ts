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

/** Whether a step may do what a role stands for; one that may not run leaves nothing open but what it does. */
export function isDoubtful({ roles, mayNotRun }: ChainLink, role: ChainLink['roles'][number]): boolean {
  if (!roles.includes('unknown')) return false;
  return !mayNotRun || roles.some(own => own === role || (role === 'authenticates' && own === 'verifies-signature'));
}

const INPUTS = ['validates-body', 'validates-query', 'validates-params', 'validates-headers'] as const;

/** The same for validators of whichever part of the input. */
export function validationVerdict(chain: readonly ChainLink[], partial: string | undefined): Verdict {
  if (chain.some(link => link.roles.some(role => role.startsWith('validates')))) return 'yes';
  return partial || chain.some(link => INPUTS.some(role => isDoubtful(link, role))) ? 'unknown' : 'no';
}
