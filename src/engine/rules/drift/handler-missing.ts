import { posix } from 'node:path';
import { folderOf } from '../../../common/path.ts';
import { replaceScalar } from '../../fixes/document.ts';
import { handlerState, type NamedHandler, namedHandlers } from '../../queries/drift/handlers.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const handlerMissing = defineRule({
  meta: {
    id: 'drift/handler-missing',
    theme: 'serverless',
    benefits: ['integration'],
    severity: 'error',
    confidence: 'high',
    cwe: [],
    owasp: [],
    fix: 'suggest',
    messages: {
      file: 'Function {name} names the handler {handler}, but there is no module {module}.',
      export: 'Function {name} names the handler {handler}, but {module} exports no {wanted}.',
    },
  },

  check(model, report) {
    for (const one of namedHandlers(model)) {
      const state = handlerState(model, one);
      if (state.is === 'there') continue;
      const { path, name, handler, module, exportName } = one;
      const isFile = state.is === 'no-file';
      const right =
        state.similar === undefined
          ? undefined
          : isFile
            ? named(one, state.similar, exportName)
            : named(one, module, state.similar);
      report({ file: path, start: handler.start, end: handler.end }, isFile ? 'file' : 'export', {
        data: { name, handler: handler.value, module: isFile ? module : state.file, wanted: exportName },
        anchor: name,
        evidence: isFile ? [] : [{ span: { file: state.file, start: 0, end: 0 }, message: 'the module it names' }],
        fixes: right === undefined ? [] : [rename(one, right)],
      });
    }
  },
});

/** The handler text for a module and an export; the folder it is relative to stays. */
function named({ handler, module }: NamedHandler, right: string, exportName: string): string {
  const written = handler.value.slice(0, handler.value.lastIndexOf('.'));
  const base = module.endsWith(posix.normalize(written))
    ? module.slice(0, module.length - posix.normalize(written).length)
    : '';
  const prefix = /^\.\//.test(written) ? './' : '';
  return `${prefix}${posix.relative(folderOf(`${base}x`), right)}.${exportName}`;
}

function rename({ path, handler }: NamedHandler, right: string): FixDraft {
  return {
    title: `Name ${right}`,
    kind: 'suggest',
    change({ text }) {
      const own = text(path);
      return own === undefined || right.startsWith('..')
        ? undefined
        : { edits: [replaceScalar(path, own, handler, right)], newFiles: [] };
    },
  };
}
