import type { WorkflowFacts, WorkflowJob, WorkflowStep } from '../../model/artefacts/workflow.ts';
import type { TextRange } from '../../model/document.ts';
import { mayWrite, usesSecrets } from './workflows.ts';

/** Events that run with the secrets and the token of the repository, whoever caused them. */
const PRIVILEGED = new Set(['pull_request_target', 'workflow_run', 'issue_comment']);
/** Events that strangers cause by writing something. */
const WRITTEN_BY_STRANGERS =
  /^(?:issues|issue_comment|pull_request_target|pull_request_review|pull_request_review_comment|discussion|discussion_comment)$/;
/** What a condition asks about who caused the event. Comparing with a bot's name counts: it keeps strangers out. */
const ASKS_WHO =
  /author_association|github\.(?:actor|triggering_actor|repository_owner)\b|\.(?:user|sender)\.(?:login|type)|labels?\b|head\.repo\.(?:full_name|fork|owner)|permission|safe-to-test|\benvironment\b/i;
const HEAD =
  /github\.(?:head_ref\b|event\.(?:pull_request\.head\.(?:sha|ref)|workflow_run\.head_(?:sha|branch)))|refs\/pull\/|event\.(?:pull_request|issue)\.number/;
const FETCHES_HEAD = /\bgh\s+pr\s+checkout\b|\bgit\s+fetch\b[^\n]*\bpull\/|\bgit\s+checkout\b[^\n]*\bFETCH_HEAD\b/;
const RUNS =
  /^\s*(?:[A-Z_]+=\S+\s+)*(?:npm|pnpm|yarn|bun)\s+(?:ci|install|i|run|test|t|build|exec|dlx|start)?\b|(?<![.\w/-])(?:npx|make|gradlew?|mvn|cargo|go\s+(?:run|test|build|generate)|pip\s+install|poetry|python3?|pytest|docker\s+(?:build|compose)|node|tsx|bash|sh)\s+[^\s|>]|(?:^|&&|;|\n)\s*\.\//m;
/** Only reads what others wrote: nothing of it runs. */
const RUNS_NOTHING = /^\s*(?:npm|pnpm|yarn)\s+(?:ci|install|i)\b[^\n]*--ignore-scripts[^\n]*$/;

export interface RunOfStrangers {
  readonly job: WorkflowJob;
  /** Where the code is fetched, and where it first runs. */
  readonly fetch: WorkflowStep;
  readonly at: TextRange;
}

/** Jobs with secrets or a token that writes, in which code of a pull request is fetched and then runs. */
export function runsOfStrangers(workflow: WorkflowFacts): RunOfStrangers[] {
  if (workflow.action || !workflow.triggers.some(({ name }) => PRIVILEGED.has(name.value))) return [];
  return workflow.jobs.flatMap(job => {
    if (job.environment || asksWho(job)) return [];
    if (!isTrusted(workflow, job)) return [];
    const fetch = job.steps.findIndex(step => fetchesHead(step) && !asksWho(step));
    if (fetch === -1 || job.steps.slice(0, fetch).some(checksWho)) return [];
    const run = job.steps.slice(fetch + 1).find(runsCode);
    const at = run?.run ?? run?.uses;
    return at ? [{ job, fetch: job.steps[fetch]!, at }] : [];
  });
}

/** Something to steal: secrets, or a token that is not told to read only. */
function isTrusted(workflow: WorkflowFacts, job: WorkflowJob): boolean {
  return usesSecrets(workflow, job) || mayWrite(workflow, job) || !(job.permissions ?? workflow.permissions);
}

function asksWho({ if: condition }: Pick<WorkflowStep, 'if'>): boolean {
  return ASKS_WHO.test(condition?.value ?? '');
}

/** A step that looks up what the person may do, and fails the job otherwise. */
function checksWho({ run, with: given, uses }: WorkflowStep): boolean {
  const scripts = [run?.value, uses?.value, ...given.map(({ value }) => value.value)];
  return scripts.some(text =>
    /CollaboratorPermission|author_association|collaborators\/|check-?(?:user|permission|team)/i.test(text ?? ''),
  );
}

function fetchesHead({ uses, run, with: given }: WorkflowStep): boolean {
  if (FETCHES_HEAD.test(run?.value ?? '')) return true;
  if (!/^actions\/checkout@/.test(uses?.value ?? '')) return false;
  return given.some(({ name, value }) => name.value === 'ref' && HEAD.test(value.value ?? ''));
}

function runsCode({ run, uses }: WorkflowStep): boolean {
  if (uses?.value?.startsWith('./')) return true;
  const script = run?.value ?? '';
  return RUNS.test(script) && !RUNS_NOTHING.test(script.trim());
}

export interface OpenAgent {
  readonly job: WorkflowJob;
  readonly agent: string;
  readonly at: TextRange;
}

/** Agents that obey whoever wrote the text. */
const ANYONE =
  /^(?:google-github-actions\/run-gemini-cli|google-gemini\/gemini-cli-action|warpdotdev\/oz-agent-action)@/;
/** Agents that by themselves only listen to people who may write, until a setting says otherwise. */
const MEMBERS = /^(?:anthropics\/claude-code(?:-base)?-action|openai\/codex-action)@/;
const OPENS = /^(?:allowed_non_write_users|allow-users|allowed_bots|allow-bots)$/;
const COMMAND =
  /(?:^|\s|\/)(claude\s+(?:-p|--print)|gemini\s+(?:-p|--prompt|--yolo)|codex\s+exec|aider\s+--|opencode\s+run)/;

/** Agents with write access or secrets that run on what strangers wrote. */
export function openAgents(workflow: WorkflowFacts): OpenAgent[] {
  if (workflow.action || !workflow.triggers.some(({ name }) => WRITTEN_BY_STRANGERS.test(name.value))) return [];
  return workflow.jobs.flatMap(job => {
    if (job.environment || asksWho(job)) return [];
    if (!mayWrite(workflow, job) && (job.permissions ?? workflow.permissions)) return [];
    return job.steps.flatMap(step => {
      if (asksWho(step)) return [];
      const action = step.uses?.value ?? '';
      const opened = step.with.some(({ name, value }) => OPENS.test(name.value) && value.value?.trim() === '*');
      if (step.uses && (ANYONE.test(action) || (MEMBERS.test(action) && opened)))
        return [{ job, agent: action.split('@')[0]!, at: step.uses }];
      const command = COMMAND.exec(step.run?.value ?? '')?.[1];
      return command && step.run ? [{ job, agent: command.split(/\s/)[0]!, at: step.run }] : [];
    });
  });
}
