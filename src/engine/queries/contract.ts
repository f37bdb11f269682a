import type { ChainLink, Endpoint, Verdict } from '../link/endpoint.ts';
import { perModel } from '../link/kept/per-model.ts';
import type { Model } from '../link/model.ts';
import type { Operation, OperationKind } from '../link/operations.ts';
import { teachableName } from '../link/taught.ts';
import type { Env, Value } from '../link/values.ts';
import { isDoubtful } from '../link/verdicts.ts';
import { INPUT_PARTS, type InputPart, requestReads } from './api/request-reads.ts';

/** Where on the way to a handler a step stands, from the outside in. */
export type StepLevel = 'app' | 'router' | 'decorator' | 'route' | 'wrapper' | 'handler';

export interface ContractStep {
  readonly link: ChainLink;
  readonly level: StepLevel;
  /** How the settings would name it; undefined for what has no name. */
  readonly name: string | undefined;
}

/** What a route asks of its callers and what it does for them, beside its verdicts. */
export interface Contract {
  readonly steps: readonly ContractStep[];
  /** Parts of the input it takes, and whether each is checked before the handler uses it. */
  readonly input: Readonly<Partial<Record<InputPart, Verdict>>>;
  /** Roles and permissions its guards ask for, as written. */
  readonly roles: readonly string[];
  /** Operations on its way, to the depth of `Model.reached`. */
  readonly queries: readonly Operation[];
  readonly calls: readonly Operation[];
}

const QUERIES: readonly OperationKind[] = ['sql', 'db'];
const CALLS: readonly OperationKind[] = ['http-request', 'llm-call', 'message-publish'];

/** The contract of every endpoint of a model, fields of GraphQL schemas included. */
export const contractsOf: (model: Model) => ReadonlyMap<Endpoint, Contract> = perModel(model => {
  const uses = usesOf(model);
  return new Map(
    [...model.endpoints, ...model.fields].map(endpoint => {
      const { queries = [], calls = [] } = uses.get(endpoint) ?? {};
      return [endpoint, { ...judge(model, endpoint), queries, calls }];
    }),
  );
});

function judge({ program }: Model, endpoint: Endpoint): Pick<Contract, 'steps' | 'input' | 'roles'> {
  const { chain } = endpoint;
  return {
    steps: chain.map(link => ({ link, level: levelOf(link), name: teachableName(link.value, link.name) })),
    input: inputOf(endpoint, requestReads(program, endpoint)),
    roles: [...new Set(chain.filter(link => link.roles.includes('authorizes')).flatMap(rolesOf))],
  };
}

/** Where a step of a chain stands. */
export function levelOf({ via, level }: ChainLink): StepLevel {
  if (via === 'in the handler') return 'handler';
  if (via === 'around the handler') return 'wrapper';
  if (/^@| on the (?:class|method)$|^on the parameter$/.test(via)) return 'decorator';
  if (via === 'middleware of a module') return 'router';
  return level ?? (/route/.test(via) ? 'route' : 'app');
}

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

function inputOf(
  { method, path, protocol, chain, partial }: Endpoint,
  reads: ReturnType<typeof requestReads>,
): Contract['input'] {
  const input: Partial<Record<InputPart, Verdict>> = {};
  for (const part of INPUT_PARTS) {
    const unsure = partial !== undefined || chain.some(link => isDoubtful(link, `validates-${part}`));
    const checked = chain.some(link => link.roles.includes(`validates-${part}`));
    const seen = reads?.parts.has(part) ?? false;
    // Who is handed the whole request may read, and check, what the handler does not.
    const hidden = part === 'body' && WITH_BODY.has(method) && (reads?.handedOn ?? true);
    if (checked) input[part] = 'yes';
    else if (seen || (part === 'params' && protocol === 'http' && /[:*]/.test(path)))
      input[part] = unsure ? 'unknown' : 'no';
    else if (hidden) input[part] = 'unknown';
  }
  return input;
}

/** Texts that the guard was made with: `requireRole('admin')`, `@Roles('admin')`. */
function rolesOf({ value, asks = [] }: ChainLink): string[] {
  return [...asks, ...textsOf(value)];
}

function textsOf(value: Value): string[] {
  if (value.k === 'api') return (value.made?.args ?? []).flatMap(plainTexts);
  if (value.k !== 'func') return [];
  const out: string[] = [];
  for (let env: Env | undefined = value.env; env && env.fn.kind !== 'module' && !env.isStatic; env = env.parent)
    for (const one of env.vars.values()) out.push(...plainTexts(one));
  return out;
}

function plainTexts(value: Value): string[] {
  if (value.k === 'array') return value.items.flatMap(plainTexts);
  return value.k === 'const' && typeof value.v === 'string' && value.v !== '' ? [value.v] : [];
}

type Uses = { queries: Operation[]; calls: Operation[] };

/** Only files with functions in the way of a request are asked for their operations. */
function usesOf(model: Model): Map<Endpoint, Uses> {
  const out = new Map<Endpoint, Uses>();
  const files = new Set([...model.reached.values()].map(({ func }) => func.file));
  for (const file of [...files].sort()) {
    if (!model.isJudged(file)) continue;
    for (const operation of model.operationsIn(file)) {
      const use = operation.is['fragment'] ? undefined : useOf(operation.kind);
      if (!use) continue;
      for (const endpoint of model.reached.get(operation.fn)?.endpoints ?? []) {
        const uses = out.get(endpoint) ?? { queries: [], calls: [] };
        out.set(endpoint, uses);
        uses[use].push(operation);
      }
    }
  }
  return out;
}

function useOf(kind: OperationKind): keyof Uses | undefined {
  if (QUERIES.includes(kind)) return 'queries';
  return CALLS.includes(kind) ? 'calls' : undefined;
}
