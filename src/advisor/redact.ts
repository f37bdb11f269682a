import { SECRET_PATTERNS } from './secret-patterns.ts';

/** Matches any placeholder that a redactor writes. */
export const PLACEHOLDER = /<redacted:[a-z-]+#\d+>/;

const CODE_FILE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|graphql|gql|prisma|sql|md|mdx)$/i;

/** What was taken out of a prompt: kind and count, never a value. */
export interface Redaction {
  readonly kind: string;
  /** Different values of this kind. */
  readonly values: number;
  /** Places where they stood. */
  readonly places: number;
}

export interface Redactor {
  /**
   * Replaces secrets by placeholders; the same secret gets the same placeholder in every text. Keeps the number of
   * lines, so that line n stays line n.
   */
  redact(text: string, file?: string): string;
  /** Learns the secrets of a text without rewriting it, so that texts redacted later hide them too. */
  learn(text: string, file?: string): void;
  readonly redactions: readonly Redaction[];
}

interface Hit {
  start: number;
  end: number;
  readonly kind: string;
}

/** Shorter values are too common to be hidden wherever they occur. */
const MIN_KNOWN = 8;

export function createRedactor(): Redactor {
  const placeholders = new Map<string, string>();
  const values = new Map<string, number>();
  const places = new Map<string, { count: number; readonly shown: Set<string> }>();

  function placeholderOf(value: string, kind: string): string {
    const known = placeholders.get(value);
    if (known) return known;
    const count = (values.get(kind) ?? 0) + 1;
    values.set(kind, count);
    const placeholder = `<redacted:${kind}#${count}>`;
    placeholders.set(value, placeholder);
    return placeholder;
  }

  return {
    redact(text, file) {
      const hits = [...secretsOf(text, file), ...knownIn(text, placeholders)];
      let result = '';
      let from = 0;
      for (const { start, end, kind } of merge(hits)) {
        const value = text.slice(start, end);
        const placeholder = placeholderOf(value, kind);
        const seen = places.get(kindOf(placeholder)) ?? { count: 0, shown: new Set() };
        seen.count++;
        places.set(kindOf(placeholder), seen);
        seen.shown.add(placeholder);
        result += text.slice(from, start) + placeholder + '\n'.repeat(value.split('\n').length - 1);
        from = end;
      }
      return result + text.slice(from);
    },
    learn(text, file) {
      for (const { start, end, kind } of merge(secretsOf(text, file))) placeholderOf(text.slice(start, end), kind);
    },
    get redactions() {
      return [...places].map(([kind, { count, shown }]) => ({ kind, values: shown.size, places: count }));
    },
  };
}

function secretsOf(text: string, file: string | undefined): Hit[] {
  const isConfig = file !== undefined && !CODE_FILE.test(file);
  const hits = isConfig ? kubernetesSecrets(text) : [];
  for (const { kind, pattern, only, accept } of SECRET_PATTERNS) {
    if (only === 'config' && !isConfig) continue;
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.['v'] ?? match[0];
      if (isPlaceholder(value) || (accept && !accept(value))) continue;
      // The value is the last thing its pattern captures, so the last occurrence within the match is the right one.
      const start = match.index + match[0].lastIndexOf(value);
      hits.push({ start, end: start + value.length, kind });
    }
  }
  return hits;
}

/** Text that was redacted before, such as a model's answer, is not redacted again. */
function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) && value.replace(PLACEHOLDER, '').length < 4;
}

/** In a Kubernetes Secret every value is one, whatever its name. */
function kubernetesSecrets(text: string): Hit[] {
  const hits: Hit[] = [];
  let offset = 0;
  for (const document of text.split(/^(?=---)/m)) {
    if (/^kind:\s*["']?Secret\b/m.test(document)) hits.push(...valuesOfSecret(document, offset));
    offset += document.length;
  }
  return hits;
}

function valuesOfSecret(document: string, offset: number): Hit[] {
  const hits: Hit[] = [];
  let inside = false;
  let at = offset;
  for (const line of document.split('\n')) {
    if (/^\S/.test(line)) inside = /^(?:data|stringData):/.test(line);
    else if (inside) {
      const { groups } = /^(?<head>\s+(?:["']?[\w.-]+["']?:\s*)?)(?<v>[^\s#|>].*?|[|>].{3,}?)\s*$/.exec(line) ?? {};
      if (groups?.['v']) {
        const start = at + (groups['head']?.length ?? 0);
        hits.push({ start, end: start + groups['v'].length, kind: 'kubernetes-secret' });
      }
    }
    at += line.length + 1;
  }
  return hits;
}

/** A known value that is a plain word, such as `password`, is also a name in code: only its quoted form is hidden. */
function knownIn(text: string, placeholders: ReadonlyMap<string, string>): Hit[] {
  const hits: Hit[] = [];
  for (const [value, placeholder] of placeholders) {
    if (value.length < MIN_KNOWN) continue;
    const kind = kindOf(placeholder);
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      const isQuoted = /["'`]/.test(text[at - 1] ?? '') && /["'`]/.test(text[at + value.length] ?? '');
      if (isQuoted || !/^[A-Za-z_$]+$/.test(value)) hits.push({ start: at, end: at + value.length, kind });
    }
  }
  return hits;
}

function kindOf(placeholder: string): string {
  return placeholder.slice('<redacted:'.length, placeholder.indexOf('#'));
}

/** Overlapping hits become one, named after the one that starts first (the longer one on a tie). */
function merge(hits: readonly Hit[]): Hit[] {
  const merged: Hit[] = [];
  for (const hit of [...hits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && hit.start < last.end) last.end = Math.max(last.end, hit.end);
    else merged.push({ ...hit });
  }
  return merged;
}
