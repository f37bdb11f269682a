import { operationDependsOnStage } from '../../link/conditions.ts';
import type { Operation } from '../../link/operations.ts';
import { deployedCommands } from '../../queries/data/schema-commands.ts';
import { defineRule } from '../rule.ts';

const LOCAL = /sqlite|sqljs|expo|:memory:/i;

export const schemaSyncInProd = defineRule({
  meta: {
    id: 'data/schema-sync-in-prod',
    theme: 'data-management',
    benefits: ['data-management'],
    severity: 'error',
    confidence: 'high',
    cwe: [1188],
    owasp: [],
    fix: 'suggest',
    messages: {
      flag: '{what} changes the production schema at every start, without a migration, and can drop columns with their data.',
      command: '{where} runs {command}, which {harm}.',
    },
  },

  check(model, report) {
    for (const operation of model.operations('schema-sync')) {
      const flag = operation.args['flag'];
      if (flag?.expr.k !== 'bool' || !flag.expr.v || isLocal(operation)) continue;
      if (operationDependsOnStage(operation)) continue;
      report(flag.span, 'flag', {
        data: { what: String(operation.is['what']) },
        fixes: [
          {
            title: `Turn ${operation.is['what']} off`,
            kind: 'suggest',
            change: () => ({ edits: [{ span: flag.span, text: 'false' }], newFiles: [] }),
          },
        ],
        anchor: String(operation.is['what']),
      });
    }
    for (const { span, where, text: command, harm, instead } of deployedCommands(
      model.project,
      model.program.adapters.schemaCommands,
    )) {
      report(span, 'command', {
        data: { where: where.replace(/^t/, 'T'), command, harm },
        fixes: instead
          ? [
              {
                title: `Run ${instead}`,
                kind: 'suggest',
                change({ text }) {
                  const at = text(span.file)?.indexOf(command, span.start) ?? -1;
                  if (at < span.start || at + command.length > span.end) return undefined;
                  return {
                    edits: [{ span: { file: span.file, start: at, end: at + command.length }, text: instead }],
                    newFiles: [],
                  };
                },
              },
            ]
          : [],
        anchor: command,
      });
    }
  },
});

/** A file next to the program: nobody else depends on its schema. */
function isLocal({ args }: Operation): boolean {
  const options = args['options']?.expr;
  return (
    options?.k === 'obj' && options.props.some(prop => prop.k === 'prop' && prop.v.k === 'str' && LOCAL.test(prop.v.v))
  );
}
