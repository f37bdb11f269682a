import { addHeaders } from '../../fixes/security-headers.ts';
import { type BareApplication, bareApplications } from '../../queries/security/browser-headers.ts';
import { defineRule } from '../rule.ts';

const SHOWS: Readonly<Record<BareApplication['shows'], string>> = {
  pages: 'sends pages',
  files: 'serves files',
  cookies: 'keeps people signed in by a cookie',
};

export const missingSecurityHeaders = defineRule({
  meta: {
    id: 'security/missing-security-headers',
    theme: 'security',
    benefits: ['security'],
    severity: 'warning',
    confidence: 'medium',
    cwe: [693, 1021, 319],
    owasp: ['A06:2025', 'A02:2025'],
    fix: 'auto',
    messages: {
      bare: 'This service {shows} without security headers: no step, no handler and no ingress sets one.',
    },
  },

  check(model, report) {
    for (const { app, shows, evidence } of bareApplications(model))
      report(app.router.span, 'bare', {
        data: { shows: SHOWS[shows] },
        // Without pages of its own a browser has little to protect here.
        severity: shows === 'pages' ? 'warning' : 'info',
        evidence,
        fixes: addHeaders(app.router),
        anchor: app.unit,
      });
  },
});
