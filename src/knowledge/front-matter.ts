import { BENEFITS, TRENDS } from '../engine/model/finding.ts';
import { EVIDENCE_IDS } from './evidence-ids.ts';
import { type PageKind, RECIPE_FRAMEWORKS, RECIPE_TOPICS } from './types.ts';

/** Says what is wrong with a value; nothing if it is right. */
type Check = (value: unknown) => string | undefined;

const RULE_ID = /^[a-z0-9-]+\/[a-z0-9-]+$/;

const text =
  (max: number): Check =>
  value =>
    typeof value !== 'string' || value.trim() === ''
      ? 'must be a text'
      : value.length > max || value.includes('\n')
        ? `must be one line of at most ${max} characters`
        : undefined;

const pattern =
  (regex: RegExp, like: string): Check =>
  value =>
    typeof value === 'string' && regex.test(value) ? undefined : `must look like ${like}`;

const oneOf =
  (allowed: readonly string[]): Check =>
  value =>
    typeof value === 'string' && allowed.includes(value)
      ? undefined
      : `${JSON.stringify(value)} is not one of ${allowed.join(', ')}`;

const integer: Check = value => (Number.isInteger(value) ? undefined : 'must be a whole number');

const listOf =
  (check: Check, min = 0): Check =>
  value => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length < min) return `must have at least ${min} entries`;
    if (new Set(value.map(entry => JSON.stringify(entry))).size < value.length) return 'has an entry twice';
    return value.map(check).find(problem => problem !== undefined);
  };

const record =
  (key: Check, check: Check): Check =>
  value => {
    if (!isObject(value)) return 'must be a map';
    const problems = Object.entries(value).map(([name, entry]) => key(name) ?? check(entry));
    return problems.length === 0 ? 'must not be empty' : problems.find(problem => problem !== undefined);
  };

/** Keys that end in `?` may be missing; keys that are not listed may not be there. */
const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  value => {
    if (!isObject(value)) return 'must be a map';
    const known = new Set(Object.keys(fields).map(name => name.replace('?', '')));
    const unknown = Object.keys(value).find(name => !known.has(name));
    if (unknown !== undefined) return `has the unknown key "${unknown}"`;
    for (const [name, check] of Object.entries(fields)) {
      const key = name.replace('?', '');
      const entry = value[key];
      if (entry === undefined && name.endsWith('?')) continue;
      const problem = entry === undefined ? 'is missing' : check(entry);
      if (problem !== undefined) return `"${key}" ${problem}`;
    }
    return undefined;
  };

const ruleIds = listOf(pattern(RULE_ID, 'topic/rule-id'));
const month = pattern(/^20\d\d-(0[1-9]|1[0-2])$/, '2026-11');
const benefits = listOf(oneOf(BENEFITS), 1);

const source = shape({
  title: text(160),
  publisher: text(80),
  year: integer,
  'url?': pattern(/^https:\/\/\S+$/, 'https://…'),
});

const step: Check = value => {
  const problem = shape({
    id: pattern(/^[a-z0-9-]+$/, 'a-kebab-id'),
    title: text(100),
    'rule?': pattern(RULE_ID, 'topic/rule-id'),
    'evidence?': listOf(oneOf(EVIDENCE_IDS), 1),
    'recipe?': oneOf(RECIPE_TOPICS),
  })(value);
  if (problem !== undefined) return problem;
  return isObject(value) && (value['rule'] ?? value['evidence'])
    ? undefined
    : 'needs a rule or evidence, otherwise nobody could tell when it is done';
};

const theme = {
  title: text(80),
  summary: text(160),
  signals: ruleIds,
  positive: listOf(oneOf(EVIDENCE_IDS), 1),
  steps: listOf(step, 3),
  sources: listOf(source, 2),
  reviewed: month,
};

/** What the front matter of each kind of page must hold. */
export const FRONT_MATTER: Readonly<Record<PageKind, Check>> = {
  trend: shape({ id: oneOf(TRENDS), kind: oneOf(['trend']), benefits, ...theme }),
  benefit: shape({ id: oneOf(BENEFITS), kind: oneOf(['benefit']), ...theme }),
  rule: shape({
    id: pattern(RULE_ID, 'topic/rule-id'),
    title: text(80),
    trend: oneOf([...TRENDS, ...BENEFITS]),
    benefits,
    cwe: listOf(integer),
    owasp: listOf(pattern(/^((API|LLM|A|K)\d{1,2}:20\d\d|CICD-SEC-\d{1,2})$/, 'API2:2023')),
    reviewed: month,
  }),
  recipe: shape({
    id: pattern(RULE_ID, 'topic/framework'),
    title: text(80),
    topic: oneOf(RECIPE_TOPICS),
    framework: oneOf(RECIPE_FRAMEWORKS),
    packages: record(pattern(/^(@[\w.-]+\/)?[\w.-]+$/, 'a package name'), pattern(/^\d+(\.\d+)?$/, '"5" or "0.301"')),
    resolves: ruleIds,
    reviewed: month,
  }),
};

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
