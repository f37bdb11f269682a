import type {
  WorkflowExpression,
  WorkflowFacts,
  WorkflowJob,
  WorkflowPermissions,
  WorkflowStep,
  WorkflowTrigger,
} from '../model/artefacts/workflow.ts';
import {
  asString,
  type DocumentNode,
  entries,
  entry,
  get,
  items,
  keyOf,
  type MapEntry,
  namedSettings,
  rangeOf,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, isYaml } from './reader.ts';
import { record } from './tree/record.ts';
import { parseYaml } from './tree/yaml.ts';

export const workflow: ArtefactReader<'github-workflow'> = {
  kind: 'github-workflow',

  matches: (path, head) =>
    isYaml(path) && (/(?:^|\/)\.github\/workflows\/[^/]+$/.test(path) || (isAction(path) && /^runs:/m.test(head))),

  read(path, text) {
    const { root, problems } = parseYaml(text);
    const on = entry(root, 'on') ?? entry(root, 'true');
    const jobs = entry(root, 'jobs');
    const runs = isAction(path) ? entry(root, 'runs') : undefined;
    return record<WorkflowFacts>({
      kind: 'github-workflow',
      action: isAction(path),
      problems,
      name: textSetting(get(root, 'name')),
      triggers: readTriggers(on?.value),
      permissions: readPermissions(get(root, 'permissions')),
      env: namedSettings(get(root, 'env')),
      jobs: (runs ? [runs] : entries(jobs?.value)).map(item => readJob(item, text)),
      onKey: on && keyRange(on),
      jobsKey: jobs && keyRange(jobs),
    });
  },
};

function isAction(path: string): boolean {
  return /(?:^|\/)action\.ya?ml$/.test(path);
}

function keyRange(item: MapEntry): { start: number; end: number } {
  return { start: item.keyStart, end: item.keyEnd };
}

function readTriggers(node: DocumentNode | undefined): WorkflowTrigger[] {
  if (node?.kind !== 'map') {
    return textSettings(node).flatMap(({ value, start, end }) =>
      value === null ? [] : [{ name: { value, start, end }, start, end, types: [], branches: [] }],
    );
  }
  return node.entries.map(item => ({
    name: keyOf(item),
    start: item.keyStart,
    end: Math.max(item.keyEnd, item.value.end),
    types: textSettings(get(item.value, 'types')),
    branches: textSettings(get(item.value, 'branches')),
    node: item.value,
  }));
}

function readPermissions(node: DocumentNode | undefined): WorkflowPermissions | undefined {
  if (!node) return undefined;
  const word = asString(node);
  const all =
    word === 'write-all' ? 'write' : word === 'read-all' ? 'read' : entries(node).length === 0 ? 'none' : undefined;
  return record<WorkflowPermissions>({ ...rangeOf(node), all, scopes: namedSettings(node) });
}

function readJob(item: MapEntry, text: string): WorkflowJob {
  const node = item.value;
  const environment = get(node, 'environment');
  const secrets = get(node, 'secrets');
  const runsOn = get(node, 'runs-on');
  return record<WorkflowJob>({
    ...rangeOf(node),
    id: keyOf(item),
    runsOn: textSettings(runsOn?.kind === 'map' ? (get(runsOn, 'labels') ?? get(runsOn, 'group')) : runsOn),
    if: textSetting(get(node, 'if')),
    environment:
      environment &&
      record<NonNullable<WorkflowJob['environment']>>({
        ...rangeOf(environment),
        name: textSetting(environment.kind === 'map' ? get(environment, 'name') : environment),
      }),
    permissions: readPermissions(get(node, 'permissions')),
    env: namedSettings(get(node, 'env')),
    needs: textSettings(get(node, 'needs')),
    uses: textSetting(get(node, 'uses')),
    with: namedSettings(get(node, 'with')),
    secrets: secrets && { ...rangeOf(secrets), inherit: asString(secrets) === 'inherit' },
    container: textSetting(get(node, 'container', 'image') ?? get(node, 'container')),
    steps: items(get(node, 'steps')).map(step => readStep(step, text)),
  });
}

function readStep(node: DocumentNode, text: string): WorkflowStep {
  const run = get(node, 'run');
  const of = (place: 'with' | 'env') =>
    entries(get(node, place)).flatMap(item => readExpressions(item.value, place, text, item.key));
  return record<WorkflowStep>({
    ...rangeOf(node),
    id: textSetting(get(node, 'id')),
    name: textSetting(get(node, 'name')),
    if: textSetting(get(node, 'if')),
    uses: textSetting(get(node, 'uses')),
    run: textSetting(run),
    shell: textSetting(get(node, 'shell')),
    workingDirectory: textSetting(get(node, 'working-directory')),
    with: namedSettings(get(node, 'with')),
    env: namedSettings(get(node, 'env')),
    expressions: [...readExpressions(run, 'run', text), ...of('with'), ...of('env')],
  });
}

function readExpressions(
  node: DocumentNode | undefined,
  place: WorkflowExpression['in'],
  text: string,
  key?: string,
): WorkflowExpression[] {
  if (node?.kind !== 'scalar') return [];
  return [...text.slice(node.start, node.end).matchAll(/\$\{\{([\s\S]*?)\}\}/g)].map(match =>
    record<WorkflowExpression>({
      in: place,
      key,
      text: (match[1] ?? '').trim(),
      start: node.start + match.index,
      end: node.start + match.index + match[0].length,
    }),
  );
}
