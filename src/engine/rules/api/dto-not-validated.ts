import { checkNested, importAtRunTime } from '../../fixes/dto.ts';
import { type UncheckedDto, uncheckedDtos } from '../../queries/api/unchecked-dtos.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const dtoNotValidated = defineRule({
  meta: {
    id: 'api/dto-not-validated',
    theme: 'api-first',
    benefits: ['security', 'integration'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [20, 1173],
    owasp: ['A05:2025'],
    fix: 'auto',
    messages: {
      erased:
        '`{name}` is imported as a type only, so the pipe before {route} has no class to check its input against.',
      shape: '`{name}` is no class, so the pipe before {route} has nothing to check its input against.',
      bare: '`{name}` has no rules, so the pipe before {route} lets any input through.',
      nested: 'The rules of `{inner}` are not asked for in `{name}` of {route}, which lacks {missing}.',
    },
  },

  check(model, report) {
    for (const dto of uncheckedDtos(model)) {
      const { endpoint, span, name, is } = dto;
      const { method, path } = endpoint;
      const inner = is.k === 'nested' ? is.of.cls.name : '';
      const missing = is.k === 'nested' ? is.missing.map(one => `@${one}`).join(' and ') : '';
      report(span, is.k, {
        data: { name, route: `${method} ${path}`, inner, missing },
        evidence: [{ span: endpoint.span, message: `${method} ${path} takes it` }],
        fixes: fixesOf(dto),
        anchor: name,
      });
    }
  },
});

function fixesOf({ span: { file }, is }: UncheckedDto): FixDraft[] {
  if (is.k === 'erased') return [importAtRunTime(file, is.imported)];
  return is.k === 'nested' ? [checkNested(file, is.member, is.of, is.missing)] : [];
}
