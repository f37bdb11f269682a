import type { Program } from '../link/program.ts';
import type { ApiValue, CallSite } from '../link/values.ts';
import { defineAdapter } from './adapter.ts';
import { ACTION, CLIENT } from './next/action-clients.ts';
import { giveAll } from './shared/routes.ts';

/** What every middleware and every action is called with. */
const OPTIONS = 'next-safe-action.Options';
/** Methods of a client that give a client. */
const CHAIN = ['use', 'schema', 'inputSchema', 'bindArgsSchemas', 'outputSchema', 'metadata'];
const RESOLVES = ['action', 'stateAction'];

const given = (program: Program, _callee: ApiValue, { args }: CallSite): undefined => {
  giveAll(program, args, [OPTIONS]);
};

/** Clients that put middleware and schemas before Server Actions; the actions are found by the files they are in. */
export const nextSafeAction = defineAdapter({
  id: 'next-safe-action',
  title: 'next-safe-action',
  docs: 'https://next-safe-action.dev/docs/define-actions/middleware',
  packages: ['next-safe-action'],
  aliases: {
    'next-safe-action.createSafeActionClient()': CLIENT,
    ...Object.fromEntries(CHAIN.map(name => [`${CLIENT}#${name}()`, CLIENT])),
    ...Object.fromEntries(RESOLVES.map(name => [`${CLIENT}#${name}()`, ACTION])),
  },

  calls: Object.fromEntries(['use', ...RESOLVES].map(name => [`${CLIENT}#${name}`, given])),

  request: {
    [`${OPTIONS}#clientInput`]: 'body',
    [`${OPTIONS}#parsedInput`]: 'body',
    [`${OPTIONS}#bindArgsClientInputs`]: 'body',
    [`${OPTIONS}#bindArgsParsedInputs`]: 'body',
    [`${OPTIONS}#ctx.user`]: 'user',
    [`${OPTIONS}#ctx.userId`]: 'user',
    [`${OPTIONS}#ctx.session`]: 'session',
  },
});
