import { addBinding, copyBinding, sectionOf } from '../../fixes/document-wrangler.ts';
import { type EnvMember, nameOf, type WorkerEnv, workerEnvs } from '../../queries/drift/worker-env.ts';
import { defineRule, type FixDraft } from '../rule.ts';

// Frameworks and the platform put these there by themselves.
const GIVEN = new Set([
  'ASSETS',
  'SESSION',
  'IMAGES',
  'CF_VERSION_METADATA',
  '__STATIC_CONTENT',
  'NODE_ENV',
  'ENVIRONMENT',
]);
const OBJECTS = new Set(['vars', 'secrets', 'wasm_modules', 'text_blobs', 'data_blobs']);

export const workerBindings = defineRule({
  meta: {
    id: 'drift/worker-bindings',
    theme: 'edge',
    benefits: ['integration'],
    severity: 'error',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'suggest',
    messages: {
      missing: 'env.{name} is used as a binding, but {config} declares none of that name.',
      environment: 'Environment {environment} has no binding {name}: bindings are not inherited from the top level.',
      text: 'env.{name} is not declared in {config}: unless it is set as a secret, it is undefined.',
    },
  },

  check(model, report) {
    for (const worker of workerEnvs(model)) {
      const config = worker.path.slice(worker.path.lastIndexOf('/') + 1);
      for (const member of worker.members) {
        const { name, asObject, asText, optional } = member;
        if (GIVEN.has(name) || optional) continue;
        const [use] = asObject;
        const [read] = asText;
        if (!worker.declared.has(name)) {
          if (use)
            report(use.span, 'missing', {
              data: { name, config },
              anchor: name,
              evidence: [{ span: { file: worker.path, start: 0, end: 0 }, message: 'the configuration of the worker' }],
              fixes: declare(worker, member),
            });
          else if (read)
            report(read, 'text', { data: { name, config }, severity: 'info', confidence: 'low', anchor: name });
          continue;
        }
        if (use)
          for (const one of notInherited(worker, name))
            report({ file: worker.path, start: one.at.start, end: one.at.end }, 'environment', {
              data: { name, environment: one.at.value },
              anchor: `${one.at.value} ${name}`,
              evidence: [{ span: use.span, message: 'used here' }],
              fixes: [copy(worker, one.section, name, one.at.value)],
            });
      }
    }
  },
});

/** Named environments with bindings of their own that lack one of the top level. */
function notInherited({ facts }: WorkerEnv, name: string) {
  const own = facts.bindings.find(one => nameOf(one) === name && !OBJECTS.has(one.type));
  if (!own) return [];
  return facts.environments
    .filter(
      ({ bindings }) => bindings.some(one => !OBJECTS.has(one.type)) && !bindings.some(one => nameOf(one) === name),
    )
    .map(({ environment }) => ({ at: environment, section: own.type }));
}

function declare({ path }: WorkerEnv, { name, type }: EnvMember): FixDraft[] {
  const section = sectionOf(type);
  if (section === undefined) return [];
  return [
    {
      title: `Declare ${name} in ${section}`,
      kind: 'suggest',
      change({ text }) {
        const own = text(path);
        return own === undefined ? undefined : { edits: addBinding(path, own, section, name), newFiles: [] };
      },
    },
  ];
}

function copy({ path }: WorkerEnv, section: string, name: string, environment: string): FixDraft {
  return {
    title: `Declare ${name} in ${environment} as well`,
    kind: 'suggest',
    change({ text }) {
      const own = text(path);
      const edits = own === undefined ? undefined : copyBinding(path, own, section, name, environment);
      return edits && { edits, newFiles: [] };
    },
  };
}
