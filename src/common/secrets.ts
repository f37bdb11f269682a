/** A credential by format: its place, and no more of its text than a message may show. */
export interface FoundSecret {
  readonly format: string;
  /** The first four characters. */
  readonly head: string;
  readonly length: number;
  /** False for test-mode and sample credentials. */
  readonly live: boolean;
  readonly p: readonly [start: number, end: number];
}

interface Format {
  readonly id: string;
  readonly pattern: RegExp;
  /** Test-mode and sample credentials are real formats with nothing behind them. */
  readonly live?: (match: string) => boolean;
  /** A cheap substring that every match contains. */
  readonly needs: string | readonly string[];
}

// Formats as their providers document them; the list follows gitleaks' default rules (2026-07).
const FORMATS: readonly Format[] = [
  {
    id: 'aws-access-key',
    needs: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g,
  },
  { id: 'github-token', needs: ['gh', 'github_pat_'], pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{82})\b/g },
  { id: 'gitlab-token', needs: 'glpat-', pattern: /\bglpat-[\w-]{20}\b/g },
  { id: 'slack-token', needs: ['xox', 'xapp-'], pattern: /\b(?:xox[bpears]-[0-9]{8,}-[\w-]{10,}|xapp-\d-[\w-]{20,})/g },
  {
    id: 'slack-webhook',
    needs: 'hooks.slack.com',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{20,}/g,
  },
  {
    id: 'stripe-key',
    needs: ['sk_', 'rk_'],
    pattern: /\b(?:sk|rk)_(?:live|prod|test)_[A-Za-z0-9]{20,}\b/g,
    live: match => !match.includes('_test_'),
  },
  { id: 'stripe-webhook-secret', needs: 'whsec_', pattern: /\bwhsec_[A-Za-z0-9]{24,}/g },
  { id: 'openai-key', needs: 'T3BlbkFJ', pattern: /\bsk-(?:proj|svcacct|admin)?-?[\w-]{20,}T3BlbkFJ[\w-]{20,}/g },
  { id: 'anthropic-key', needs: 'sk-ant-', pattern: /\bsk-ant-(?:api03|admin01)-[\w-]{80,}AA\b/g },
  { id: 'google-api-key', needs: 'AIza', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { id: 'hugging-face-token', needs: 'hf_', pattern: /\bhf_[A-Za-z]{34}\b/g },
  { id: 'sendgrid-key', needs: 'SG.', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g },
  { id: 'shopify-token', needs: 'shp', pattern: /\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}\b/g },
  { id: 'npm-token', needs: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { id: 'digitalocean-token', needs: '_v1_', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { id: 'supabase-secret-key', needs: 'sb_secret_', pattern: /\bsb_secret_[\w-]{20,}/g },
  { id: 'vault-token', needs: 'hv', pattern: /\bhv[sb]\.[\w-]{24,}/g },
  { id: 'sentry-token', needs: 'sntry', pattern: /\bsntry[su]_[\w+/=-]{40,}/g },
  { id: 'linear-key', needs: 'lin_api_', pattern: /\blin_api_[A-Za-z0-9]{40}\b/g },
  {
    id: 'private-key',
    needs: 'PRIVATE KEY-----',
    pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s|[A-Za-z0-9+/=]){64,}/g,
  },
  {
    id: 'url-credentials',
    needs: '://',
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?|https?):\/\/[^\s:@/'"`${}<>[\]]+:[^\s:@/'"`${}<>[\]]{4,}@[^\s/'"`:${}<>]+/g,
  },
];

const PLACEHOLDER =
  /example|sample|dummy|placeholder|changeme|your[-_]|xxxx|\*\*\*|1234567890|test[-_]?key|abcdef0123/i;
const LOCAL_HOST = /@(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1|host\.docker\.internal|[a-z][a-z0-9_-]*$)/i;
const DEV_PASSWORD = /:(?:postgres|password|pass|root|admin|secret|test|guest|mysql|mongo|user|dev|redis)[^@]{0,4}@/i;

/** Credentials by format anywhere in a text. Keeps four characters and a length, never the value. */
export function findSecrets(text: string): FoundSecret[] {
  const out: FoundSecret[] = [];
  for (const { id, pattern, needs, live } of FORMATS) {
    if (!(typeof needs === 'string' ? text.includes(needs) : needs.some(need => text.includes(need)))) continue;
    for (const match of text.matchAll(pattern)) {
      const [value] = match;
      if (PLACEHOLDER.test(value) || repeats(value)) continue;
      if (id === 'private-key' && isShortened(value, text.slice(match.index + value.length))) continue;
      if (id === 'url-credentials' && (LOCAL_HOST.test(value) || DEV_PASSWORD.test(value))) continue;
      out.push({
        format: id,
        head: value.slice(0, 4),
        length: value.length,
        live: live ? live(value) : true,
        p: [match.index, match.index + value.length],
      });
    }
  }
  return out.sort((a, b) => a.p[0] - b.p[0]);
}

/** A key that ends before the length that its own first bytes (DER) state: the beginning of one, to show the form. */
function isShortened(value: string, rest: string): boolean {
  if (!rest.startsWith('-----END')) return false;
  const body = value.replace(/^-+BEGIN [A-Z ]+-+/, '').replace(/\\n|\s/g, '');
  const [tag, size, high = 0, low = 0] = [...atob(body.slice(0, 8))].map(one => one.charCodeAt(0));
  return tag === 0x30 && size === 0x82 && (body.length / 4) * 3 < high * 256 + low;
}

/** `AKIAAAAAAAAAAAAAAAAA`: a run of one character is nobody's key. */
function repeats(value: string): boolean {
  return /(.)\1{7,}/.test(value);
}
