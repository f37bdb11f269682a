import type { WorkflowExpression, WorkflowFacts, WorkflowJob, WorkflowStep } from '../../model/artefacts/workflow.ts';

// https://docs.github.com/en/actions/reference/security/secure-use#understanding-the-risk-of-script-injections
const OUTSIDER_TEXT =
  /\bgithub\.(?:head_ref\b|event\.(?:issue\.(?:title|body)|pull_request\.(?:title|body|head\.(?:ref|label|repo\.default_branch))|comment\.body|review\.body|review_comment\.body|discussion\.(?:title|body)|pages(?:\.\*|\[\d+\])?\.page_name|workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|author\.(?:name|email))|pull_requests(?:\.\*|\[\d+\])?\.head\.ref)))/;
/** Events that anyone may cause, with the secrets and the token of the repository. */
const PRIVILEGED = new Set([
  'pull_request_target',
  'issues',
  'issue_comment',
  'discussion',
  'discussion_comment',
  'workflow_run',
  'gollum',
]);
/** Events that anyone may cause, without secrets if they come from a fork. */
const FORK = new Set(['pull_request', 'pull_request_review', 'pull_request_review_comment']);

/** The context of an expression whose text an outsider chooses; undefined if there is none, or only a truth value remains. */
export function outsiderText({ text }: WorkflowExpression): string | undefined {
  if (/^!|^(?:contains|startsWith|endsWith|hashFiles|success|failure)\s*\(|[=!]=|[<>]/.test(text)) return undefined;
  return OUTSIDER_TEXT.exec(text)?.[0];
}

/** Whether outsiders can start a workflow, and with what. */
export function outsiderTrigger({ triggers }: WorkflowFacts): 'privileged' | 'fork' | undefined {
  if (triggers.some(({ name }) => PRIVILEGED.has(name.value))) return 'privileged';
  return triggers.some(({ name }) => FORK.has(name.value)) ? 'fork' : undefined;
}

const PUBLISHES =
  /\b(?:npm|pnpm|yarn(?: npm)?) publish\b|\bdocker (?:buildx build[^\n]*--push|push)\b|\bgh release\b|\bsemantic-release\b|\b(?:vsce|ovsx) publish\b|\bserverless deploy\b|\bsls deploy\b|\bterraform apply\b|\bkubectl apply\b|\bhelm upgrade\b|\bwrangler (?:deploy|publish)\b|\bcdk deploy\b|\bsam deploy\b|\bfly(?:ctl)? deploy\b/;

export function publishes({ steps }: WorkflowJob): boolean {
  return steps.some(({ run }) => PUBLISHES.test(run?.value ?? ''));
}

/** Whether a job is handed secrets of the repository, its own token left out. */
export function usesSecrets(workflow: WorkflowFacts, job: WorkflowJob): boolean {
  const texts = [
    ...workflow.env.map(one => one.value.value),
    ...job.env.map(one => one.value.value),
    ...job.with.map(one => one.value.value),
    ...job.steps.flatMap(step => step.expressions.map(one => `\${{ ${one.text} }}`)),
  ];
  return (
    job.secrets?.inherit === true ||
    texts.some(text => /\bsecrets\.(?!GITHUB_TOKEN\b)\w+|\bsecrets\[|\btoJSON\(secrets\)/i.test(text ?? ''))
  );
}

/** Whether a job asks for more than reading, by its own permissions or those of the workflow. */
export function mayWrite(workflow: WorkflowFacts, job: WorkflowJob): boolean {
  const { all, scopes } = job.permissions ?? workflow.permissions ?? { all: undefined, scopes: [] };
  return all === 'write' || scopes.some(({ value }) => value.value === 'write');
}

const OWN = /^(?:actions|github)\//;

/** An action of somebody else whose code can change without a change here: `owner/name@tag-or-branch`. */
export function mutableAction({ uses }: Pick<WorkflowStep, 'uses'>): string | undefined {
  const value = uses?.value;
  if (!value || value.startsWith('./') || value.startsWith('docker://') || OWN.test(value) || value.includes('${'))
    return undefined;
  const [, ref] = value.split('@');
  return ref !== undefined && !/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i.test(ref) ? value : undefined;
}

/** Steps that need more of the token than reading the code, as far as that is known. */
export function needsToken({ steps, uses, permissions }: WorkflowJob): boolean {
  return (
    uses !== undefined ||
    permissions !== undefined ||
    steps.some(
      ({ uses: action, run, expressions }) =>
        expressions.some(({ text }) => /\bGITHUB_TOKEN\b|\bgithub\.token\b/i.test(text)) ||
        /\bgh\s+\w|\bgit push\b|\bsemantic-release\b|\bchangeset\b|ghcr\.io/.test(run?.value ?? '') ||
        (action?.value != null && !READS_ONLY.test(action.value)),
    )
  );
}

const READS_ONLY =
  /^(?:\.\/|actions\/(?:checkout|setup-[\w-]+|cache(?:\/\w+)?|upload-artifact|download-artifact)@|pnpm\/action-setup@|oven-sh\/setup-bun@|denoland\/setup-deno@|docker\/(?:setup-[\w-]+|metadata-action)@|codecov\/codecov-action@)/;
