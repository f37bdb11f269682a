import { defineAdapter } from './adapter.ts';
import { ambientValue } from './nitro/ambient.ts';
import { discoverNitro } from './nitro/discover.ts';

/** Servers whose routes and middleware are found by the names of their files; handlers are those of h3. */
export const nitro = defineAdapter({
  id: 'nitro',
  title: 'Nitro and Nuxt',
  docs: 'https://nitro.build/guide/routing',
  packages: ['nitro', 'nitropack', 'nuxt'],
  parsesJson: true,
  forwardsRejectionsFrom: 0,
  ambient: ambientValue,
  discover: discoverNitro,
});
