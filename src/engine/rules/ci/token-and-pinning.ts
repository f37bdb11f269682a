import { insertBeforeKey } from '../../fixes/document-yaml.ts';
import { edit } from '../../fixes/source-style.ts';
import type { Project } from '../../link/project.ts';
import type { WorkflowFacts, WorkflowJob } from '../../model/artefacts/workflow.ts';
import { mayWrite, mutableAction, needsToken, publishes, usesSecrets } from '../../queries/ci/workflows.ts';
import { defineRule, type FixDraft, type Report } from '../rule.ts';

export const tokenAndPinning = defineRule({
  meta: {
    id: 'ci/token-and-pinning',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'high',
    cwe: [272, 829, 1357],
    owasp: ['A03:2025', 'A08:2025'],
    fix: 'auto',
    messages: {
      all: 'permissions: write-all gives every step of this workflow the right to change the repository.',
      open: 'Job {job} works with secrets, and no `permissions` limit the token that its steps share.',
      several:
        'Jobs of {count} workflows work with secrets, {job} among them, and no `permissions` limit the token that their steps share.',
      mutable:
        '{action} is run in a job with secrets or write access, and its owner can replace the code behind that name.',
      inherit: '{action} gets every secret of the repository, and its owner can replace the code behind that name.',
      install: 'npm install may change versions while {job} publishes: the lockfile is not binding.',
    },
  },

  check({ project }, report) {
    // One owner to trust is one decision, however many jobs call him.
    const told = new Set<string>();
    const unlimited: Unlimited[] = [];
    for (const { path, facts } of project.artefactsOf('github-workflow')) {
      if (facts.action || facts.problems.length) continue;
      const { permissions } = facts;
      if (permissions?.all === 'write')
        report({ file: path, start: permissions.start, end: permissions.end }, 'all', { anchor: 'workflow' });
      // A workflow that is only called gets its caller's permissions.
      const isCalled = facts.triggers.every(({ name }) => name.value === 'workflow_call');
      const open =
        permissions || isCalled ? undefined : facts.jobs.find(job => !job.permissions && isSensitive(facts, job));
      if (open)
        unlimited.push({ path, job: open, jobs: facts.jobs.some(needsToken) ? undefined : facts.jobsKey?.start });
      for (const job of facts.jobs) {
        if (job.permissions?.all === 'write')
          report({ file: path, start: job.permissions.start, end: job.permissions.end }, 'all', {
            anchor: job.id.value,
          });
        const called = job.secrets?.inherit ? mutableAction({ uses: job.uses! }) : undefined;
        if (called !== undefined && job.uses)
          report({ file: path, start: job.uses.start, end: job.uses.end }, 'inherit', {
            data: { action: called },
            anchor: job.id.value,
          });
        if (isSensitive(facts, job) || mayWrite(facts, job)) {
          for (const step of job.steps) {
            const action = mutableAction(step);
            if (action === undefined || !step.uses || told.has(action)) continue;
            told.add(action);
            report({ file: path, start: step.uses.start, end: step.uses.end }, 'mutable', {
              data: { action },
              severity: /@v?\d/.test(action) ? 'info' : 'warning',
              anchor: action,
            });
          }
        }
        for (const at of publishes(job) ? looseInstalls(project, job) : [])
          report({ file: path, start: at.start, end: at.end }, 'install', {
            data: { job: job.id.value },
            anchor: `${job.id.value} install`,
            fixes: [bindLockfile(path, at)],
          });
      }
    }
    reportUnlimited(unlimited, report);
  },
});

/** A workflow whose token nothing limits. */
interface Unlimited {
  readonly path: string;
  readonly job: WorkflowJob;
  /** Where its jobs begin; undefined where one of them needs the token to write. */
  readonly jobs: number | undefined;
}

/** Once for the repository: one setting of it, or one edit, limits the token of all its workflows. */
function reportUnlimited(all: readonly Unlimited[], report: Report<'open' | 'several'>): void {
  const fixable = all.filter(({ jobs }) => jobs !== undefined);
  const [first, ...others] = [...fixable, ...all.filter(({ jobs }) => jobs === undefined)];
  if (!first) return;
  const { id } = first.job;
  report({ file: first.path, start: id.start, end: id.end }, others.length ? 'several' : 'open', {
    data: { job: id.value, count: all.length },
    anchor: 'permissions',
    evidence: others.map(({ path, job }) => ({
      span: { file: path, start: job.id.start, end: job.id.end },
      message: `job ${job.id.value} works with secrets too`,
    })),
    fixes: fixable.length ? [readOnly(fixable)] : [],
  });
}

function isSensitive(facts: WorkflowFacts, job: WorkflowJob): boolean {
  return usesSecrets(facts, job) || publishes(job);
}

function readOnly(workflows: readonly Unlimited[]): FixDraft {
  return {
    title: 'Let the token only read',
    kind: 'auto',
    change({ text }) {
      const edits = workflows.flatMap(({ path, jobs }) => {
        const own = text(path);
        const lines = ['permissions:', '  contents: read', ''];
        return own === undefined || jobs === undefined ? [] : [insertBeforeKey(path, own, jobs, lines)];
      });
      return edits.length ? { edits, newFiles: [] } : undefined;
    },
  };
}

/** Scripts with `npm install` that names no package, where a lockfile exists. */
function looseInstalls(project: Project, { steps }: WorkflowJob): { start: number; end: number }[] {
  if (!project.artefactsOf('lockfile').some(({ facts }) => facts.manager === 'npm')) return [];
  return steps.flatMap(({ run }) => (run && LOOSE.test(run.value ?? '') ? [{ start: run.start, end: run.end }] : []));
}

const LOOSE = /^[ \t]*npm (?:install|i)(?=[ \t]*(?:&&|;|$))/m;

function bindLockfile(file: string, { start, end }: { start: number; end: number }): FixDraft {
  return {
    title: 'Install exactly what the lockfile says',
    kind: 'auto',
    change({ text }) {
      const own = text(file)?.slice(start, end);
      const match = own === undefined ? null : LOOSE.exec(own);
      if (!match) return undefined;
      const at = start + match.index + match[0].indexOf('npm');
      return { edits: [edit(file, [at, start + match.index + match[0].length], 'npm ci')], newFiles: [] };
    },
  };
}
