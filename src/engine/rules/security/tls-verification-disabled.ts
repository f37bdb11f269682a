import { removeProperty } from '../../fixes/source-object.ts';
import { edit, quoted } from '../../fixes/source-style.ts';
import { type UncheckedTls, uncheckedTls } from '../../queries/security/unchecked-tls.ts';
import { defineRule, type FixDraft } from '../rule.ts';

export const tlsVerificationDisabled = defineRule({
  meta: {
    id: 'security/tls-verification-disabled',
    theme: 'security',
    benefits: ['security'],
    severity: 'error',
    confidence: 'high',
    cwe: [295, 297, 327],
    owasp: ['A04:2025', 'A07:2025'],
    fix: 'auto',
    messages: {
      unchecked:
        '`{name}: {value}` accepts any certificate, so whoever sits in between can read and change the traffic.',
      environment: '`{name}` is 0: no connection of this process checks who it talks to.',
      hostname: '`checkServerIdentity` accepts every host name, so a certificate for any other host passes.',
      old: '`{name}` allows {value}, which is broken; TLS 1.2 is the least that holds.',
    },
  },

  check(model, report) {
    for (const tls of uncheckedTls(model)) {
      const { problem, name, value, span, conditional, asked } = tls;
      report(span, problem, {
        data: { name, value },
        severity: conditional ? 'warning' : 'error',
        ...(asked ? { confidence: 'low' as const } : {}),
        anchor: name,
        fixes: fixesOf(tls),
      });
    }
  },
});

function fixesOf({ problem, span: { file }, option }: UncheckedTls): FixDraft[] {
  const object = option?.object;
  if (!option || !object) return [];
  const property = object.props.find(one => one.k === 'prop' && one.np[0] === option.np[0]);
  if (property?.k !== 'prop' || property.short) return [];
  if (problem === 'old' && option.name !== 'minVersion') return [];
  return [
    {
      title: problem === 'old' ? 'Require TLS 1.2' : 'Check the certificate',
      kind: 'auto',
      change({ text }) {
        const source = text(file);
        if (source === undefined) return undefined;
        const change =
          problem === 'old'
            ? edit(file, property.v.p, quoted(source, 'TLSv1.2'))
            : removeProperty(file, source, object, property);
        return { edits: [change], newFiles: [] };
      },
    },
  ];
}
