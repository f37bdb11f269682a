import { CONFIDENCES, SEVERITIES } from '../model/finding.ts';
import { HARMS } from '../model/harms.ts';

/** The part of JSON Schema draft-07 that the configuration needs; `validate.ts` reads it too, so the two cannot differ. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'boolean' | 'integer';
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly propertyNames?: { readonly pattern: string };
  readonly items?: Schema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly pattern?: string;
  /** Shown instead of the pattern when it does not match; VS Code reads it too. */
  readonly patternErrorMessage?: string;
  readonly default?: unknown;
}

const severity: Schema = { type: 'string', enum: ['off', ...SEVERITIES] };
const confidence: Schema = { type: 'string', enum: CONFIDENCES };

const rules: Schema = {
  description: 'Rule id → severity, or "off".',
  type: 'object',
  propertyNames: { pattern: '^[a-z0-9-]+(/[a-z0-9-]+)+$' },
  additionalProperties: {
    anyOf: [severity, { type: 'object', additionalProperties: false, properties: { severity, confidence } }],
  },
};

const glob: Schema = {
  type: 'string',
  minLength: 1,
  pattern: '^[^\\\\]+$',
  patternErrorMessage: 'must be a glob with forward slashes',
};

const symbol: Schema = {
  type: 'string',
  pattern: '^[^\\s#\\\\]+(#[\\w$.]+)?$',
  patternErrorMessage: 'must be a name such as "requireUser" or a place such as "src/auth.ts#requireUser"',
};

const harm: Schema = { type: 'string', enum: HARMS };

const minConfidence: Schema = {
  description: 'Findings below this confidence are left out.',
  ...confidence,
  default: 'medium',
};

export const configSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Underpin configuration',
  description: 'Settings for the folder of this file and everything below; the nearest file wins, key by key.',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    include: list('Only files that match one of these globs are reported.', glob),
    exclude: list('Files that match one of these globs are not reported.', glob),
    scope: {
      description:
        'Report everything, or only what changed since a git revision. The whole code always decides what is true.',
      anyOf: [
        { type: 'string', enum: ['all'] },
        {
          type: 'object',
          additionalProperties: false,
          required: ['since'],
          properties: {
            since: {
              type: 'string',
              pattern: '^[^-\\s][^\\s]*$',
              patternErrorMessage: 'must be a git revision such as "main"',
            },
          },
        },
      ],
      default: 'all',
    },
    minConfidence,
    failOn: {
      description: 'The command line ends with exit code 1 if there is a finding of this severity or worse.',
      type: 'string',
      enum: [...SEVERITIES, 'never'],
      default: 'error',
    },
    baseline: {
      description: 'Path of the baseline file, relative to this file.',
      type: 'string',
      pattern: '^(?!/|[A-Za-z]:|.*\\\\|\\.\\./|.*/\\.\\./).+$',
      patternErrorMessage: 'must be a relative path below this folder, with forward slashes',
      default: '.underpin-baseline.jsonl',
    },
    rules,
    publicRoutes: list('Routes that are meant to be open: "/health", "POST /login", "/public/**".', {
      type: 'string',
      pattern: '^([A-Z]+ )?/\\S*$',
      patternErrorMessage: 'must be a path such as "/health" or a method and a path such as "POST /login"',
    }),
    guards: list('Functions, classes or decorators that check the caller.', symbol),
    validators: list('Functions, classes or decorators that check input at run time.', symbol),
    limiters: list('Functions or middleware that limit the rate of requests.', symbol),
    trustedIdentityHeaders: list('Request headers that a trusted proxy sets.', {
      type: 'string',
      pattern: '^[A-Za-z0-9-]+$',
      patternErrorMessage: 'must be a header name',
    }),
    internalServices: list('Host names of services of your own; "*" stands for any label.', {
      type: 'string',
      pattern: '^[\\w.*:-]+$',
      patternErrorMessage: 'must be a host name without scheme or path',
    }),
    flow: {
      description: 'Functions of your own that untrusted values come from, do harm in, or are made harmless by.',
      type: 'object',
      additionalProperties: false,
      properties: {
        sources: list(
          'Functions that give what somebody else chose.',
          entry({
            call: symbol,
            from: { description: 'Who chose it.', type: 'string', enum: ['request', 'model'], default: 'request' },
          }),
        ),
        sinks: list(
          'Functions that untrusted values must not reach as they are.',
          entry(
            {
              call: symbol,
              argument: { description: 'Its position, from 0; all of them by default.', type: 'integer', minimum: 0 },
              kind: { description: 'What the value becomes there.', ...harm },
            },
            'kind',
          ),
        ),
        sanitizers: list(
          'Functions that give back a harmless value, or say yes to one.',
          entry({
            call: symbol,
            for: { ...list('What it is harmless for; everything by default.', harm), minItems: 1 },
          }),
        ),
      },
    },
    facts: {
      description: 'Things that no file of the workspace shows.',
      type: 'object',
      additionalProperties: false,
      properties: {
        externalTracing: flag('Traces are made outside the code, for example by a service mesh or an agent.'),
        externalMetrics: flag('Metrics are collected outside the code.'),
        externalRateLimit: flag('A gateway limits the rate of requests.'),
        externalAuth: flag('A gateway checks the caller before any request arrives.'),
        architectureStyle: { type: 'string', enum: ['monolith', 'modular-monolith', 'microservices', 'serverless'] },
        lbIdleSeconds: { description: 'Idle time-out of the load balancer, in seconds.', type: 'integer', minimum: 0 },
        db: {
          type: 'object',
          additionalProperties: false,
          properties: {
            maxConnections: { description: 'Connections the database server accepts.', type: 'integer', minimum: 1 },
          },
        },
      },
    },
    ai: {
      description: 'Limits for the optional assistant.',
      type: 'object',
      additionalProperties: false,
      properties: { deny: list('Files whose text is never sent to a model.', glob) },
    },
    overrides: list('Other settings for some files; a later entry wins.', {
      type: 'object',
      additionalProperties: false,
      required: ['files'],
      properties: { files: { ...list('Globs relative to this file.', glob), minItems: 1 }, rules, minConfidence },
    }),
  },
};

function list(description: string, items: Schema): Schema {
  return { description, type: 'array', items };
}

/** An entry that names a function. */
function entry(properties: Readonly<Record<string, Schema>>, ...required: readonly string[]): Schema {
  return { type: 'object', additionalProperties: false, required: ['call', ...required], properties };
}

function flag(description: string): Schema {
  return { description, type: 'boolean' };
}
