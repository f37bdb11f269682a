import { lineIndex } from '../common/line-index.ts';
import type { Endpoint } from '../engine/link/endpoint.ts';
import type { Model } from '../engine/link/model.ts';
import type { Operation } from '../engine/link/operations.ts';
import type { FunctionFact } from '../engine/model/facts.ts';
import type { Finding } from '../engine/model/finding.ts';
import type { Span } from '../engine/model/span.ts';
import { listed } from './routes.ts';

/** Facts, model entries and rules at a place, as text: what one needs to understand a finding, or the lack of one. */
export function explainPlace(
  model: Model,
  findings: readonly Finding[],
  textOf: (file: string) => string | undefined,
  file: string,
  offset: number,
): string {
  const text = textOf(file);
  if (text === undefined) return `${file} is not part of the workspace.`;
  const lines = lineIndex(text);
  const { line } = lines.positionAt(offset);
  const { start, end } = lines.lineRange(line);
  const touches = (span: Span): boolean => span.file === file && span.start <= end && span.end >= start;
  const where = ({ file: other, start: at }: Span): string => {
    const otherText = textOf(other);
    return otherText === undefined ? other : `${other}:${lineIndex(otherText).positionAt(at).line + 1}`;
  };
  const out = [`${file}:${line + 1}  (${model.project.roleOf(file)}${model.isJudged(file) ? '' : ', not judged'})`];
  const facts = model.project.sources.get(file);
  if (facts) {
    if (facts.generated) out.push('  generated: never reported on');
    if (facts.broken) out.push('  has syntax errors: absence is not concluded from it');
    const fn = innermost(facts.functions, offset);
    if (fn) out.push(`  in ${fn.kind} ${fn.name || '(anonymous)'}${reachedBy(model, fn)}`);
  }
  const artefact = model.project.artefacts.get(file);
  if (artefact) out.push(`  read as ${artefact.kind}`);
  for (const endpoint of listed(model)) if (touches(endpoint.span)) out.push(...describeEndpoint(endpoint, where));
  for (const operation of model.operationsIn(file))
    if (touches(operation.callSpan)) out.push(describeOperation(operation));
  const here = findings.filter(finding => touches(finding.span));
  for (const { ruleId, message, severity, confidence, suppression } of here) {
    out.push(
      `  finding ${ruleId} (${severity}, ${confidence} confidence${suppression ? `, suppressed by ${suppression.kind}` : ''}): ${message}`,
    );
  }
  if (here.length === 0) out.push('  no rule reports here');
  return `${out.join('\n')}\n`;
}

function describeEndpoint(endpoint: Endpoint, where: (span: Span) => string): string[] {
  const { method, path, framework, auth, authorization, validation, rateLimit, isPublic, partial } = endpoint;
  return [
    `  endpoint ${method} ${path} (${framework})`,
    `    auth ${auth}, authorization ${authorization}, validation ${validation}, rate limit ${rateLimit}`,
    ...(isPublic === undefined || auth === 'yes' ? [] : [`    open on purpose: ${isPublic}`]),
    ...(partial === undefined ? [] : [`    partial: ${partial}`]),
    ...endpoint.chain.map(link => `    ${link.via}: ${link.roles.join(', ')} (${link.why}) at ${where(link.span)}`),
  ];
}

function describeOperation({ kind, callee, args, is, use }: Operation): string {
  const known = Object.entries(is).filter(([, value]) => value !== undefined);
  const details = [...Object.keys(args), ...known.map(([name, value]) => `${name}=${value}`)].join(', ');
  return `  operation ${kind} by ${callee}${details ? ` (${details})` : ''}, result ${use}`;
}

function reachedBy(model: Model, fn: FunctionFact): string {
  const reached = model.reached.get(fn);
  if (!reached) return '';
  const [first] = reached.endpoints;
  return `, reached from ${first?.method} ${first?.path}${reached.endpoints.length > 1 ? ` and ${reached.endpoints.length - 1} more` : ''}`;
}

function innermost(functions: readonly FunctionFact[], offset: number): FunctionFact | undefined {
  let found: FunctionFact | undefined;
  for (const fn of functions) {
    if (fn.kind === 'module' || fn.p[0] > offset || fn.p[1] < offset) continue;
    if (!found || fn.p[1] - fn.p[0] < found.p[1] - found.p[0]) found = fn;
  }
  return found;
}
