import picocolors from 'picocolors';
import type { Evidence } from '../engine/model/finding.ts';
import type { TrendInfo } from '../session/api.ts';
import type { PlaceFinder } from './input.ts';
import { location } from './json.ts';
import { printable } from './words.ts';

const MOST_PLACES = 3;
/** Each trend with its status, the places that show it, and what to do next. */
export function renderTrends(trends: readonly TrendInfo[], placeOf: PlaceFinder, { color = false } = {}): string {
  const colors = picocolors.createColors(color);
  const tint = { 'not-applicable': colors.dim, absent: colors.yellow, started: colors.blue, established: colors.green };
  const idle = trends.filter(({ status }) => status === 'not-applicable').map(({ title }) => title);
  if (idle.length === trends.length) return 'No trend applies: there is no backend here.\n';
  const rest =
    idle.length > 0 ? [`${colors.dim(`Not applicable, as nothing here calls for it: ${idle.join(', ')}.`)}\n`] : [];
  const judged = trends
    .filter(({ status }) => status !== 'not-applicable')
    .map(trend => {
      const score = trend.status === 'started' || trend.status === 'established' ? ` ${trend.score}/100` : '';
      const lines = [`${colors.bold(trend.title)}: ${tint[trend.status](trend.status)}${score}`, `  ${trend.why}`];
      lines.push(...places('+', trend.evidenceFor, trend.evidenceFor.length));
      lines.push(...places('-', trend.evidenceAgainst, trend.findings.length));
      lines.push(...trend.nextSteps.map((step, at) => `  ${at + 1}. ${step.title}`));
      return `${lines.join('\n')}\n`;
    });
  return [...judged, ...rest].join('\n');

  function places(sign: string, evidence: readonly Evidence[], of: number): string[] {
    const shown = evidence.slice(0, MOST_PLACES).map(({ span, message }) => {
      const { line } = placeOf(span);
      return `  ${sign} ${printable(message)} ${colors.dim(printable(`${span.file}:${line}`))}`;
    });
    const more = of - shown.length;
    return more > 0 ? [...shown, `  ${sign} ${more} more`] : shown;
  }
}

export function renderTrendsJson(trends: readonly TrendInfo[], placeOf: PlaceFinder): string {
  const place = ({ span, message }: Evidence): object => ({ message, location: location(span, placeOf) });
  const list = trends.map(trend => ({
    ...trend,
    evidenceFor: trend.evidenceFor.map(place),
    evidenceAgainst: trend.evidenceAgainst.map(place),
  }));
  return `${JSON.stringify({ version: 1, trends: list }, undefined, 2)}\n`;
}

/** Files whose text is needed to place the evidence. */
export function filesOfTrends(trends: readonly TrendInfo[]): string[] {
  return [
    ...new Set(trends.flatMap(trend => [...trend.evidenceFor, ...trend.evidenceAgainst].map(({ span }) => span.file))),
  ].sort();
}
