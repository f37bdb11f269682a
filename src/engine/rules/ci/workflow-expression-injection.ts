import { throughEnvironment } from '../../fixes/document-workflow.ts';
import type { WorkflowExpression, WorkflowStep } from '../../model/artefacts/workflow.ts';
import { outsiderText, outsiderTrigger } from '../../queries/ci/workflows.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const workflowExpressionInjection = defineRule({
  meta: {
    id: 'ci/workflow-expression-injection',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [78, 94],
    owasp: ['A05:2025'],
    fix: 'auto',
    messages: {
      run: '{context} becomes part of the script, and whoever writes it runs commands in this job.',
    },
  },

  check({ project }, report) {
    for (const { path, facts } of project.artefactsOf('github-workflow')) {
      const trigger = outsiderTrigger(facts);
      if (!trigger || facts.action) continue;
      for (const job of facts.jobs) {
        for (const step of job.steps) {
          for (const expression of step.expressions) {
            const context = runs(step, expression) ? outsiderText(expression) : undefined;
            if (context === undefined) continue;
            report({ file: path, start: expression.start, end: expression.end }, 'run', {
              data: { context },
              severity: trigger === 'privileged' ? 'error' : 'warning',
              anchor: `${job.id.value} ${step.name?.value ?? ''} ${context}`,
              fixes: [throughEnv(path, step, expression)],
            });
          }
        }
      }
    }
  },
});

function runs({ uses }: WorkflowStep, expression: WorkflowExpression): boolean {
  return expression.in === 'run' || (expression.key === 'script' && /^actions\/github-script@/.test(uses?.value ?? ''));
}

function throughEnv(file: string, step: WorkflowStep, expression: WorkflowExpression): FixDraft {
  return {
    title: 'Hand the text to the script as a variable',
    kind: 'auto',
    change({ text }) {
      const own = text(file);
      const edits = own === undefined ? undefined : throughEnvironment(file, own, step, expression);
      return edits && { edits, newFiles: [] };
    },
  };
}
