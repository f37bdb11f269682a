import type { Finding } from '../../src/engine/model/finding.ts';
import type { Change } from '../../src/engine/model/span.ts';

/** One shop file with a finding, enough for prompts and edits. */
export const APP = `import express from 'express';
import { requireAuth } from './auth';

const app = express();

app.get('/orders', requireAuth, listOrders);
app.post('/orders', createOrder);
app.delete('/orders/:id', requireAuth, removeOrder);
`;

export const AUTH = `export function requireAuth(req, res, next) {
  if (!req.headers.authorization) return res.sendStatus(401);
  next();
}
`;

/** Split, so that no scanner takes these samples for real; none of them ever was. */
export const SECRETS: Readonly<Record<string, string>> = {
  'aws-key': `AKI${'A'}QYLPMN5HHHFPZAM2`,
  'github-token': `gh${'p'}_x8K2mQ7vR4tY9wB3nC6zL1sD5fG0hJqWeRtU`,
  'gitlab-token': `glp${'at'}-x8K2mQ7vR4tY9wB3nC6z`,
  'slack-token': `xo${'xb'}-2847561930-5839201746-aBcDeFgHiJkLmNoPqRs`,
  'stripe-key': `sk_${'live'}_9aB8cD7eF6gH5iJ4kL3mN2oP`,
  'openai-key': `sk-${'proj'}-9aB8cD7eF6gH5iJ4kL3mT3BlbkFJq1W2e3R4t5Y6`,
  'anthropic-key': `sk-${'ant'}-api03-9aB8cD7eF6gH5iJ4kL3mN2oPAA`,
  'google-key': `AI${'za'}SyD3kQ9wX7vB5nM1zL8rT4yU6iO2pA0sFgH`,
  'huggingface-token': `h${'f'}_QwErTyUiOpAsDfGhJkLzXcVbNmQwEr`,
  'sendgrid-key': `S${'G'}.x8K2mQ7vR4tY9wB3nC6zL1.sD5fG0hJqWeRtUx8K2mQ7vR4tY9wB3nC6zL1sD5fG0h`,
  'twilio-key': `S${'K'}0f1e2d3c4b5a69788796a5b4c3d2e1f0`,
  'npm-token': `np${'m'}_x8K2mQ7vR4tY9wB3nC6zL1sD5fG0hJqWeRtU`,
  'vault-token': `hv${'s'}.CAESIJx8K2mQ7vR4tY9wB3nC6z`,
  jwt: `ey${'J'}hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U`,
};

export const PEM = [
  `-----BEGIN ${'RSA'} PRIVATE KEY-----`,
  'MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn7ygWyF8PbnGy0AHB7MhgwMbRvI0MBZhpI',
  'q1Vm7c9kX2bR8sT4uV6wY0zA3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7dE9',
  `-----END ${'RSA'} PRIVATE KEY-----`,
].join('\n');

export function findingAt(text: string, file: string, needle: string, more: Partial<Finding> = {}): Finding {
  const start = text.indexOf(needle);
  if (start < 0) throw new Error(`"${needle}" is not in ${file}`);
  return {
    ruleId: 'security/missing-auth',
    message: 'POST /orders changes data but nothing on its way checks who calls it.',
    severity: 'warning',
    confidence: 'high',
    theme: 'security',
    benefits: ['security'],
    cwe: [306],
    owasp: ['API2:2023'],
    span: { file, start, end: start + needle.length },
    evidence: [],
    fingerprint: 'f1',
    fixes: [],
    ...more,
  };
}

/** Applies a change to texts, as an editor would. */
export function applyChange(files: Readonly<Record<string, string>>, change: Change): Record<string, string> {
  const result = { ...files };
  for (const { span, text } of [...change.edits].sort((a, b) => b.span.start - a.span.start)) {
    const before = result[span.file] ?? '';
    result[span.file] = before.slice(0, span.start) + text + before.slice(span.end);
  }
  for (const { file, text } of change.newFiles) result[file] = text;
  return result;
}
