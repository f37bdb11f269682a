import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

const MANIFEST = '{ "name": "web", "dependencies": { "next": "15.0.0", "next-safe-action": "8.0.0" } }';

function actions(files: Readonly<Record<string, string>>): string[] {
  const { model } = analyseTexts(new Map(Object.entries({ 'package.json': MANIFEST, ...files })));
  assert.deepEqual(model.endpoints, []);
  return model.fields.map(one => {
    const verdicts = `auth=${one.auth} validation=${one.validation} limit=${one.rateLimit}`;
    return `${one.method} ${one.path} ${verdicts}${one.partial ? ' partial' : ''}`;
  });
}

suite('server actions', () => {
  test('tell the story: what guards, checks and limits each of them', () => {
    const files = {
      'session.ts': `
        import { cache } from 'react';
        import { getServerSession } from 'next-auth';
        export const currentUser = cache(async () => {
          const session = await getServerSession();
          return session?.user ?? null;
        });
        export const withUser = action => async (...args) => {
          const user = await currentUser();
          if (!user) throw new Error('Unauthorized');
          return action(...args);
        };`,
      'app/(shop)/orders/actions.ts': `
        'use server';
        import { z } from 'zod';
        import { audited } from '@example/audit';
        import { currentUser, withUser } from '../../../session.ts';
        export async function status() { return 'ok'; }
        export const list = withUser(async () => []);
        export async function create(order) {
          if (!(await currentUser())) throw new Error('Unauthorized');
          return z.object({ item: z.string() }).parse(order);
        }
        export const remove = audited(async id => id);
        export async function search(term) {
          if ((await count(term)) > 10) throw new TooManyRequestsError();
          return [];
        }
        export type Order = { item: string };
        async function helper() { return 1; }`,
    };
    assert.deepEqual(actions(files), [
      'ACTION app/(shop)/orders/actions#status auth=no validation=no limit=no',
      'ACTION app/(shop)/orders/actions#list auth=yes validation=no limit=no',
      'ACTION app/(shop)/orders/actions#create auth=yes validation=yes limit=no',
      'ACTION app/(shop)/orders/actions#remove auth=unknown validation=unknown limit=unknown',
      'ACTION app/(shop)/orders/actions#search auth=no validation=no limit=yes',
    ]);
  });

  test('may be written inside of components, with the directive in their own body', () => {
    const files = {
      'app/page.tsx': `
        import { auth } from '@clerk/nextjs/server';
        export default function Page() {
          async function save(data) {
            'use server';
            const { userId } = await auth();
            if (!userId) throw new Error('Unauthorized');
          }
          const helper = async () => 1;
          return <form action={save}><button formAction={async () => { 'use server'; }} /></form>;
        }`,
    };
    assert.deepEqual(actions(files), [
      'ACTION app/page#save auth=yes validation=no limit=no',
      'ACTION app/page#action-2 auth=no validation=no limit=no',
    ]);
  });

  test('are built by clients that put middleware and a schema before them', () => {
    const files = {
      'client.ts': `
        import { createMiddleware, createSafeActionClient } from 'next-safe-action';
        import { getServerSession } from 'next-auth';
        const logged = createMiddleware().define(async ({ next }) => next());
        export const open = createSafeActionClient({ handleServerError: error => error.message }).use(logged);
        export const signedIn = open.use(async ({ next }) => {
          const session = await getServerSession();
          if (!session?.user) throw new Error('Unauthorized: sign in first.');
          return next({ ctx: { user: session.user } });
        });`,
      'app/actions.ts': `
        'use server';
        import { z } from 'zod';
        import { open, signedIn } from '../client.ts';
        export const subscribe = open.inputSchema(z.object({ email: z.string() })).action(async ({ parsedInput }) => {});
        export const rename = signedIn.metadata({ name: 'rename' }).action(async ({ ctx }) => ctx.user);
        export const charge = signedIn.schema(z.object({ sum: z.number() })).action(async ({ parsedInput }) => {});`,
    };
    assert.deepEqual(actions(files), [
      'ACTION app/actions#subscribe auth=no validation=yes limit=no',
      'ACTION app/actions#rename auth=yes validation=no limit=no',
      'ACTION app/actions#charge auth=yes validation=yes limit=no',
    ]);
  });

  test('hand what the caller sent to dangerous places', () => {
    const { findings } = analyseTexts(
      new Map([
        ['package.json', MANIFEST],
        [
          'app/actions.ts',
          `'use server';
          import { exec } from 'node:child_process';
          export async function run(state, form) {
            exec('convert ' + form.get('file'));
          }`,
        ],
      ]),
    );
    assert.ok(findings.some(({ ruleId }) => ruleId === 'security/command-injection'));
  });

  test('are none where only code of the server imports them', () => {
    const save = "'use server';\nexport async function save(order) { return order; }";
    const files = {
      'lib/shown.ts': save,
      'lib/passed-on.ts': save,
      'lib/inner.ts': save,
      'lib/alone.ts': save,
      'lib/outer.ts': `'use server';
        import { save } from './inner.ts';
        export const outer = async order => save(order);`,
      'lib/hook.ts': "import { save } from './shown.ts';\nexport const useSave = () => save;",
      'app/form.tsx': `'use client';
        import { useSave } from '../lib/hook.ts';
        import { outer } from '../lib/outer.ts';
        export const Form = () => [useSave(), outer];`,
      'app/orders.tsx': "import { save } from '../lib/passed-on.ts';\nexport default () => <form action={save} />;",
      'app/api/orders/route.ts':
        "import { save } from '../../../lib/inner.ts';\nexport const POST = async request => save(request);",
    };
    const { model } = analyseTexts(new Map(Object.entries({ 'package.json': MANIFEST, ...files })));
    assert.deepEqual(model.fields.map(({ path }) => path).sort(), [
      'lib/alone#save',
      'lib/outer#outer',
      'lib/passed-on#save',
      'lib/shown#save',
    ]);
  });

  test('are guarded and checked by what stands around them: a way to the login page goes no further', () => {
    assert.deepEqual(
      actions({
        'around.ts': `
          import { redirect } from 'next/navigation';
          import { getServerSession } from 'next-auth';
          export const withTeam = action => async data => {
            const session = await getServerSession();
            if (!session) redirect('/sign-in');
            const team = await teamOf(session.user.id);
            if (!team) throw new Error('no team');
            return action(data, team);
          };
          export const checked = (schema, action) => async (state, data) => {
            const result = schema.safeParse(Object.fromEntries(data));
            if (!result.success) return { error: result.error.message };
            return action(result.data, data);
          };`,
        'app/actions.ts': `
          'use server';
          import { z } from 'zod';
          import { checked, withTeam } from '../around.ts';
          export const pay = withTeam(async (_, team) => team.pay());
          export const rename = checked(z.object({ name: z.string() }), async data => data.name);`,
      }),
      [
        'ACTION app/actions#pay auth=yes validation=no limit=no',
        'ACTION app/actions#rename auth=no validation=yes limit=no',
      ],
    );
  });

  test('are none where nothing of the workspace serves them', () => {
    const { model } = analyseTexts(
      new Map([
        ['package.json', '{ "name": "lib" }'],
        ['actions.ts', "'use server';\nexport async function save() {}"],
      ]),
    );
    assert.deepEqual(model.fields, []);
  });
});
