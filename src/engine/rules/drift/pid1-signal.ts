import { insertLinesBefore } from '../../fixes/document.ts';
import { execForm } from '../../fixes/document-dockerfile.ts';
import { edit } from '../../fixes/source-style.ts';
import type { BuiltImage } from '../../link/images.ts';
import type { Model } from '../../link/model.ts';
import type { Severity } from '../../model/finding.ts';
import { type FirstProcess, firstProcess } from '../../queries/container-command.ts';
import { developmentRunner, managerCall, plainNodeScript } from '../../queries/drift/package-script.ts';
import { shutdownOf } from '../../queries/drift/shutdown.ts';
import { defineRule, type FixDraft } from '../rule.ts';

const RUNTIME = /(?:^|\/)(?:node|nodejs|bun|deno|tsx|ts-node|nest|next|nodemon|pm2-runtime)$/;
// A job that ends by itself needs no signal.
const ENDS = /migrat|seed|setup|init|deploy|job|cron|backup|codegen|generate/i;

export const pid1Signal = defineRule({
  meta: {
    id: 'drift/pid1-signal',
    theme: 'containers',
    benefits: ['scalability', 'integration'],
    severity: 'warning',
    confidence: 'high',
    cwe: [404],
    owasp: [],
    fix: 'suggest',
    messages: {
      manager: '{manager} is the first process of the container and does not pass SIGTERM on to the server.',
      shell: 'A shell is the first process of the container and does not pass SIGTERM on to {program}.',
      script: '{script} starts {program} without exec, so that SIGTERM ends at the shell.',
      watcher: '{program} is a development runner, and it is what the container starts.',
      supervisor: '{program} supervises the server inside of the container, which the platform does already.',
    },
  },

  check(model, report) {
    for (const image of model.units.images) {
      const { path, stage } = image;
      const first = firstProcess(model.project, image);
      if (!first || ENDS.test(first.words.join(' '))) continue;
      const unit = model.units.all.find(one => one.images.includes(image));
      if (unit?.workloads.length && unit.workloads.every(({ container }) => container.command || container.args))
        continue;
      const problem = problemOf(first);
      if (!problem) continue;
      const hooks = unit ? shutdownOf(model, unit).hooks : [];
      const serves = !unit || unit.listens.length > 0 || unit.routes.length > 0 || mayServe(model, path, first);
      report({ file: path, start: first.at.start, end: first.at.end }, problem, {
        data: {
          manager: managerCall(first.words)?.manager ?? '',
          program: first.words[0]!,
          script: first.script?.path ?? '',
        },
        severity: severityOf(problem, serves, hooks.length > 0),
        anchor: stage.stage.name?.value ?? 'final stage',
        evidence: hooks.slice(0, 1).map(hook => ({ span: hook.span, message: 'this handler never runs' })),
        fixes: fixesFor(model, image, first, problem),
      });
    }
  },
});

type Problem = 'manager' | 'shell' | 'script' | 'watcher' | 'supervisor';

function problemOf(first: FirstProcess): Problem | undefined {
  const runner = developmentRunner(first);
  if (runner) return runner === 'watcher' ? 'watcher' : 'supervisor';
  if (first.init === 'group') return undefined;
  if (managerCall(first.words)) return first.under === 'script' ? 'script' : 'manager';
  if (first.under === 'nothing' || !RUNTIME.test(first.words[0]!)) return undefined;
  return first.under;
}

/** A server whose code cannot be seen; tools that only hand out files lose nothing when they are killed. */
function mayServe({ project }: Model, path: string, { words }: FirstProcess): boolean {
  const script = managerCall(words)?.script;
  const owner = project.packageOf(path);
  const command = script && owner?.facts.scripts.find(one => one.name.value === script)?.command.value;
  return command ? !/\b(?:http-server|serve|vite preview|live-server|lite-server|sirv)\b/.test(command) : false;
}

function severityOf(problem: Problem, serves: boolean, handled: boolean): Severity {
  if (problem === 'supervisor' || !serves) return 'hint';
  return handled && problem !== 'watcher' ? 'error' : 'warning';
}

function fixesFor({ project }: Model, image: BuiltImage, first: FirstProcess, problem: Problem): FixDraft[] {
  const { path, stage } = image;
  const { only, script } = first;
  if (problem === 'script' && script && !managerCall(first.words))
    return [
      {
        title: 'Let the script hand its place over with exec',
        kind: 'suggest',
        change({ text }) {
          const own = text(script.path);
          const { last } = script.facts;
          if (own === undefined || !last || !own.startsWith(last.value, last.start) || /&&|\|\||;/.test(last.value))
            return undefined;
          return { edits: [edit(script.path, [last.start, last.start], 'exec ')], newFiles: [] };
        },
      },
    ];
  if (!only || script || first.init !== 'none') return [];
  if (problem === 'shell' && only.form === 'shell') {
    const line = only.words[0]?.value ?? '';
    const at = line.lastIndexOf(first.words[0]!);
    const plain = !/[$*?~<>&|;`\\"'\n]|^\w+=/.test(line);
    return [
      {
        title: plain ? 'Start the server without a shell' : 'Let the shell hand its place over with exec',
        kind: 'suggest',
        change: ({ text }) =>
          text(path)?.slice(only.start, only.end) !== line
            ? undefined
            : {
                edits: [
                  plain
                    ? edit(path, [only.start, only.end], execForm(first.words))
                    : edit(path, [only.start + at, only.start + at], 'exec '),
                ],
                newFiles: [],
              },
      },
    ];
  }
  const call = problem === 'manager' ? managerCall(first.words) : undefined;
  const owner = project.packageOf(path);
  const plain = call?.script !== undefined && owner ? plainNodeScript(owner, call.script) : undefined;
  if (!plain) return [];
  return [
    {
      title: `Start ${plain.words.join(' ')} directly`,
      kind: 'suggest',
      change({ text }) {
        const own = text(path);
        if (own === undefined) return undefined;
        const owning = stage.stage.instructions.find(one => one.start <= only.start && one.end >= only.end);
        const env = plain.env.map(([name, value]) => `ENV ${name}=${/\s/.test(value) ? JSON.stringify(value) : value}`);
        const before = env.length && owning ? [insertLinesBefore(path, own, owning.start, env)] : [];
        return { edits: [...before, edit(path, [only.start, only.end], execForm(plain.words))], newFiles: [] };
      },
    },
  ];
}
