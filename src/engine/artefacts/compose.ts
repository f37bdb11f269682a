import type { ComposeEnv, ComposePort, ComposeService } from '../model/artefacts/compose.ts';
import {
  asBoolean,
  asString,
  booleanSetting,
  type DocumentNode,
  entries,
  get,
  items,
  keyOf,
  type MapEntry,
  namedSettings,
  numberSetting,
  rangeOf,
  type Setting,
  textSetting,
  textSettings,
} from '../model/document.ts';
import { type ArtefactReader, baseName, isYaml } from './reader.ts';
import { collect, record } from './tree/record.ts';
import { assignment, commandLine, part } from './tree/words.ts';
import { parseYaml } from './tree/yaml.ts';

type Volume = ComposeService['volumes'][number];

export const compose: ArtefactReader<'compose'> = {
  kind: 'compose',

  matches(path, head) {
    const name = baseName(path);
    if (!isYaml(name)) return false;
    return /^(?:docker-)?compose[\w.-]*$/i.test(name) || (/compose/i.test(name) && /^services:/m.test(head));
  },

  read(path, text) {
    const { root, problems } = parseYaml(text);
    return {
      kind: 'compose',
      problems,
      development:
        /(?:^|[._-])(?:override|dev|develop(?:ment)?|local|tests?|testing|ci|e2e|debug)(?:[._-]|$)/i.test(
          baseName(path),
        ) || /(?:^|\/)\.devcontainer\//.test(path),
      services: collect(entries(get(root, 'services')), item => readService(item, text)),
      volumes: entries(get(root, 'volumes')).map(keyOf),
      includes: items(get(root, 'include')).flatMap(item =>
        textSettings(item.kind === 'map' ? get(item, 'path') : item),
      ),
    };
  },
};

function readService(item: MapEntry, text: string): ComposeService | undefined {
  const node = item.value;
  if (node.kind !== 'map') return undefined;
  const setting = (key: string): Setting | undefined => textSetting(get(node, key));
  const list = (key: string): Setting[] => textSettings(get(node, key));
  return record<ComposeService>({
    ...rangeOf(node),
    name: keyOf(item),
    image: setting('image'),
    build: readBuild(get(node, 'build')),
    command: commandLine(get(node, 'command'), text),
    entrypoint: commandLine(get(node, 'entrypoint'), text),
    ports: items(get(node, 'ports')).map(port => readPort(port, text)),
    expose: collect(items(get(node, 'expose')), numberSetting),
    environment: readEnvironment(get(node, 'environment'), text),
    envFiles: items(get(node, 'env_file'))
      .flatMap(file => textSettings(file.kind === 'map' ? get(file, 'path') : file))
      .concat(get(node, 'env_file')?.kind === 'scalar' ? list('env_file') : []),
    dependsOn: readDependsOn(get(node, 'depends_on')),
    volumes: collect(items(get(node, 'volumes')), volume => readVolume(volume, text)),
    tmpfs: list('tmpfs'),
    healthcheck: readHealthcheck(get(node, 'healthcheck'), text),
    user: setting('user'),
    workingDir: setting('working_dir'),
    readOnly: booleanSetting(get(node, 'read_only')),
    privileged: booleanSetting(get(node, 'privileged')),
    init: booleanSetting(get(node, 'init')),
    networkMode: setting('network_mode'),
    containerName: setting('container_name'),
    restart: setting('restart'),
    replicas: numberSetting(get(node, 'deploy', 'replicas') ?? get(node, 'scale')),
    memoryLimit: textSetting(get(node, 'deploy', 'resources', 'limits', 'memory') ?? get(node, 'mem_limit')),
    stopGracePeriod: setting('stop_grace_period'),
    profiles: list('profiles'),
    capAdd: list('cap_add'),
    extraHosts: list('extra_hosts'),
    aliases: entries(get(node, 'networks')).flatMap(network => textSettings(get(network.value, 'aliases'))),
    labels: readEnvironment(get(node, 'labels'), text),
    extends: readExtends(get(node, 'extends')),
  });
}

function readBuild(node: DocumentNode | undefined): ComposeService['build'] {
  if (!node) return undefined;
  return record<NonNullable<ComposeService['build']>>({
    ...rangeOf(node),
    context: textSetting(node.kind === 'map' ? get(node, 'context') : node),
    dockerfile: textSetting(get(node, 'dockerfile')),
    target: textSetting(get(node, 'target')),
    args: namedSettings(get(node, 'args')),
  });
}

function readPort(node: DocumentNode, text: string): ComposePort {
  if (node.kind !== 'scalar') {
    return record<ComposePort>({
      ...rangeOf(node),
      hostIp: asString(get(node, 'host_ip')),
      published: textSetting(get(node, 'published'))?.value ?? undefined,
      target: numberSetting(get(node, 'target'))?.value ?? undefined,
    });
  }
  // YAML 1.1 read 22:22 as a base-60 number; the text itself is what compose means.
  const written = text.slice(node.start, node.end).replace(/^(["'])(.*)\1$/, '$2');
  // Blanks out variables, whose defaults hold colons, without moving anything.
  const masked = written.replace(/\$\{[^}]*\}/g, match => '$'.repeat(match.length));
  const [, head = '', target = ''] = /^(.*?)([^:]*?)(?:\/\w+)?$/.exec(masked) ?? [];
  const left = written.slice(0, Math.max(0, head.length - 1));
  const at = head.slice(0, -1).lastIndexOf(':');
  return record<ComposePort>({
    ...rangeOf(node),
    hostIp: at < 0 ? undefined : left.slice(0, at),
    published: left ? left.slice(at + 1) : undefined,
    target: /^\d{1,5}$/.test(target) ? Number(target) : undefined,
  });
}

function readEnvironment(node: DocumentNode | undefined, text: string): ComposeEnv[] {
  if (node?.kind === 'list') return collect(node.items, item => assignment(item, text));
  return entries(node).map(item => record<ComposeEnv>({ name: keyOf(item), value: textSetting(item.value) }));
}

function readDependsOn(node: DocumentNode | undefined): ComposeService['dependsOn'] {
  if (node?.kind === 'map') {
    return node.entries.map(item =>
      record<ComposeService['dependsOn'][number]>({
        service: keyOf(item),
        condition: textSetting(get(item.value, 'condition')),
      }),
    );
  }
  return textSettings(node).map(service => ({ service }));
}

function readVolume(node: DocumentNode, text: string): Volume | undefined {
  if (node.kind === 'map') {
    return record<Volume>({
      ...rangeOf(node),
      source: textSetting(get(node, 'source')),
      target: textSetting(get(node, 'target')),
      readOnly: asBoolean(get(node, 'read_only')) === true,
    });
  }
  const whole = asString(node);
  if (whole === undefined || node.kind !== 'scalar') return undefined;
  const masked = whole
    .replace(/\$\{[^}]*\}/g, match => '$'.repeat(match.length))
    .replace(/^[A-Za-z]:(?=[\\/])/, '$$$$');
  const first = masked.indexOf(':');
  const second = first < 0 ? -1 : masked.indexOf(':', first + 1);
  const targetEnd = second < 0 ? whole.length : second;
  return record<Volume>({
    ...rangeOf(node),
    source: first < 0 ? undefined : { value: whole.slice(0, first), ...part(node, text, 0, first) },
    target: { value: whole.slice(first + 1, targetEnd), ...part(node, text, first + 1, targetEnd) },
    readOnly: second >= 0 && /(?:^|,)ro(?:,|$)/.test(whole.slice(second + 1)),
  });
}

function readHealthcheck(node: DocumentNode | undefined, text: string): ComposeService['healthcheck'] {
  if (!node) return undefined;
  const test = get(node, 'test');
  const words = commandLine(test, text);
  const [first] = words?.words ?? [];
  const disabled = asBoolean(get(node, 'disable')) === true || first?.value === 'NONE';
  return record<NonNullable<ComposeService['healthcheck']>>({
    ...rangeOf(node),
    disabled,
    test: disabled ? undefined : testCommand(),
  });

  function testCommand(): NonNullable<ComposeService['healthcheck']>['test'] {
    if (!words || !test) return undefined;
    if (test.kind === 'list' && first?.value === 'CMD') return { ...words, words: words.words.slice(1) };
    if (test.kind === 'list' && first?.value === 'CMD-SHELL')
      return { ...words, form: 'shell', words: words.words.slice(1) };
    const whole = textSetting(test);
    return whole ? { ...words, form: 'shell', words: [whole] } : words;
  }
}

function readExtends(node: DocumentNode | undefined): ComposeService['extends'] {
  if (!node) return undefined;
  return record<NonNullable<ComposeService['extends']>>({
    service: textSetting(node.kind === 'map' ? get(node, 'service') : node),
    file: textSetting(get(node, 'file')),
  });
}
