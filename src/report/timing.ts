import type { ScanStats } from '../session/api.ts';
import { table } from './table.ts';

const MOST_RULES = 20;

/** Where the time went: phases in the order they ran, then the slowest rules. */
export function renderTiming({
  files,
  lines,
  cachedFiles,
  phases,
  rules,
  cutFlows = 0,
  functions = {},
}: ScanStats): string {
  const total = Object.values(phases).reduce((sum, time) => sum + time, 0);
  const slowest = Object.entries(rules).sort((left, right) => right[1] - left[1]);
  const rows = [
    ['phase', 'ms'],
    ...Object.entries(phases).map(([name, time]) => [name, time.toFixed(1)]),
    ['total', total.toFixed(1)],
    ['', ''],
    ['rule', 'ms'],
    ...slowest.slice(0, MOST_RULES).map(([id, time]) => [id, time.toFixed(1)]),
    ...(Object.keys(functions).length > 0
      ? [
          ['', ''],
          ['function, in flows', 'ms'],
        ]
      : []),
    ...Object.entries(functions).map(([name, time]) => [name, time.toFixed(1)]),
  ];
  const partial =
    cutFlows > 0
      ? `\n${cutFlows} ${cutFlows === 1 ? 'way' : 'ways'} of untrusted values cut by a limit: the findings are partial.\n`
      : '';
  return `${files} files, ${lines} lines, ${cachedFiles} from the cache\n\n${table(rows)}${partial}`;
}
