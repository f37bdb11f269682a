import {
  DockerfileParser,
  type From,
  type Instruction,
  type ModifiableInstruction,
  type PropertyInstruction,
} from 'dockerfile-ast';
import type { CommandLine } from '../model/artefacts/base.ts';
import type {
  DockerCopy,
  DockerFrom,
  DockerfileFacts,
  DockerInstruction,
  DockerRun,
  DockerStage,
} from '../model/artefacts/dockerfile.ts';
import type { Located, NamedSetting, Setting } from '../model/document.ts';
import { type ArtefactReader, baseName, hasExtension } from './reader.ts';
import { lineStarts } from './tree/lines.ts';
import { collect, record } from './tree/record.ts';

type Args = DockerfileFacts['globalArgs'];
/** A half-open range in lines and columns, as the library gives it. */
type Place = ReturnType<Instruction['getRange']>;

interface Source {
  readonly text: string;
  readonly starts: readonly number[];
}

export const dockerfile: ArtefactReader<'dockerfile'> = {
  kind: 'dockerfile',

  matches(path) {
    const name = baseName(path);
    if (hasExtension(name, 'dockerignore', 'md', 'ts', 'js', 'json', 'sh', 'yml', 'yaml')) return false;
    return /^(?:Dockerfile|Containerfile)(?:[._-].+)?$/i.test(name) || /\.(?:dockerfile|containerfile)$/i.test(name);
  },

  read(_path, text) {
    const source = { text, starts: lineStarts(text) };
    const globalArgs: Args[number][] = [];
    const groups: Instruction[][] = [];
    for (const instruction of DockerfileParser.parse(text).getInstructions()) {
      const keyword = instruction.getKeyword();
      if (keyword === 'FROM') groups.push([instruction]);
      else if (groups.length > 0) groups.at(-1)!.push(instruction);
      else if (keyword === 'ARG') globalArgs.push(...readArgs(instruction, source));
    }
    const stages: DockerStage[] = [];
    for (const group of groups) stages.push(readStage(group, stages, globalArgs, source));
    return { kind: 'dockerfile', problems: [], globalArgs, stages };
  },
};

function readStage(
  group: readonly Instruction[],
  earlier: readonly DockerStage[],
  globalArgs: Args,
  source: Source,
): DockerStage {
  const [from] = group as [From];
  const of = (keyword: string): Instruction[] => group.filter(instruction => instruction.getKeyword() === keyword);
  const lastText = (keyword: string): Located | undefined =>
    collect(of(keyword), item => argumentsOf(item, source)).at(-1);
  const lastCommand = (keyword: string): CommandLine | undefined =>
    collect(of(keyword), item => readCommand(item, source)).at(-1);
  const name = located(from.getBuildStageRange(), source);
  return record<DockerStage>({
    index: earlier.length,
    start: offset(from.getRange().start, source),
    end: offset(group.at(-1)!.getRange().end, source),
    name,
    from: readFrom(from, earlier, globalArgs, source),
    user: lastText('USER'),
    workdirs: collect(of('WORKDIR'), item => argumentsOf(item, source)),
    env: of('ENV').flatMap(item => readEnv(item, source)),
    args: of('ARG').flatMap(item => readArgs(item, source)),
    expose: of('EXPOSE').flatMap(item =>
      collect(item.getArguments(), argument => located(argument.getRange(), source)),
    ),
    entrypoint: lastCommand('ENTRYPOINT'),
    cmd: lastCommand('CMD'),
    healthcheck: readHealthcheck(of('HEALTHCHECK').at(-1), source),
    copies: group.filter(item => /^(?:COPY|ADD)$/.test(item.getKeyword())).map(item => readCopy(item, earlier, source)),
    runs: collect(of('RUN'), item => {
      const command = readCommand(item, source);
      return command && ({ ...command, flags: readFlags(item, source) } satisfies DockerRun);
    }),
    stopSignal: lastText('STOPSIGNAL'),
    instructions: group.map(item => readInstruction(item, source)),
  });
}

function readFrom(from: From, earlier: readonly DockerStage[], globalArgs: Args, source: Source): DockerFrom {
  const range = spanOf(from.getRange(), source);
  const image = located(from.getImageRange(), source) ?? { value: '', start: range.end, end: range.end };
  const resolved = expand(image.value, globalArgs);
  const stage = earlier.findLast(item => item.name?.value.toLowerCase() === (resolved ?? image.value).toLowerCase());
  const [, repository, tag, digest] = /^([^@]*?)(?::([^:/@]+))?(?:@(.+))?$/.exec(resolved ?? '') ?? [];
  // A part that a variable supplies has no place of its own.
  const place = (value: string | undefined, from: number): Located | undefined => {
    if (value === undefined) return undefined;
    if (image.value !== resolved) return { value, start: image.start, end: image.end };
    return { value, start: image.start + from, end: image.start + from + value.length };
  };
  const isStage = stage !== undefined;
  const tagAt = (repository?.length ?? 0) + 1;
  return record<DockerFrom>({
    ...range,
    image,
    resolved,
    repository: isStage ? undefined : repository,
    tag: isStage ? undefined : place(tag, tagAt),
    digest: isStage ? undefined : place(digest, tag === undefined ? tagAt : tagAt + tag.length + 1),
    stageRef: stage?.index,
    platform: readFlags(from, source).find(flag => flag.name === 'platform' && flag.value !== null) as
      | Located
      | undefined,
  });
}

/** Fills in defaults of global `ARG`s; undefined if a variable has none. */
function expand(image: string, globalArgs: Args): string | undefined {
  let known = true;
  const result = image.replace(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (_all, braced?: string, fallback?: string, bare?: string) => {
      const value = globalArgs.findLast(arg => arg.name.value === (braced ?? bare))?.value?.value ?? fallback;
      if (value === undefined || value === null || value.includes('$')) known = false;
      return value ?? '';
    },
  );
  return known && !result.includes('$') ? result.replace(/^(["'])(.*)\1$/, '$2') : undefined;
}

function readEnv(instruction: Instruction, source: Source): NamedSetting[] {
  return collect((instruction as PropertyInstruction).getProperties?.() ?? [], property => {
    const name = located(property.getNameRange(), source);
    const range = property.getValueRange();
    const end = name?.end ?? 0;
    const value = range ? { value: property.getValue(), ...spanOf(range, source) } : { value: '', start: end, end };
    return name && { name, value };
  });
}

function readArgs(instruction: Instruction, source: Source): Args[number][] {
  return collect((instruction as PropertyInstruction).getProperties?.() ?? [], property => {
    const name = located(property.getNameRange(), source);
    const range = property.getValueRange();
    const value: Setting | undefined = range ? { value: property.getValue(), ...spanOf(range, source) } : undefined;
    return name && record<Args[number]>({ name, value });
  });
}

function readCommand(instruction: Instruction, source: Source): CommandLine | undefined {
  const range = instruction.getArgumentsRange();
  return range ? toCommand(spanOf(range, source), source) : undefined;
}

/** Exec form only if Docker would take it as JSON; anything else goes to a shell. */
function toCommand(range: { start: number; end: number }, source: Source): CommandLine {
  const raw = source.text.slice(range.start, range.end);
  if (raw.startsWith('[')) {
    const words = execWords(raw, range.start);
    if (words) return { form: 'exec', ...range, words };
  }
  return { form: 'shell', ...range, words: [{ value: unfold(raw), ...range }] };
}

function execWords(raw: string, start: number): Located[] | undefined {
  // Continuations become blanks of the same length, so that positions hold.
  const flat = raw
    .replace(/[\\`][ \t]*\r?\n/g, match => ' '.repeat(match.length))
    .replace(/^[ \t]*#.*$/gm, match => ' '.repeat(match.length));
  try {
    const values: unknown = JSON.parse(flat);
    if (!Array.isArray(values) || !values.every(value => typeof value === 'string')) return undefined;
    const tokens = [...flat.matchAll(/"(?:[^"\\]|\\.)*"/g)];
    return values.map((value: string, i) => ({
      value,
      start: start + (tokens[i]?.index ?? 0),
      end: start + (tokens[i]?.index ?? 0) + (tokens[i]?.[0].length ?? raw.length),
    }));
  } catch {
    return undefined;
  }
}

/** One line as the shell gets it: without continuations and the comments between them. */
function unfold(raw: string): string {
  if (raw.includes('<<')) return raw;
  return raw
    .replace(/^[ \t]*#.*(?:\r?\n|$)/gm, '')
    .replace(/\\[ \t]*\r?\n[ \t]*/g, '')
    .trim();
}

function readHealthcheck(instruction: Instruction | undefined, source: Source): DockerStage['healthcheck'] {
  if (!instruction) return undefined;
  const words = instruction.getArguments();
  const rest = instruction.getArgumentsRange();
  const second = words[1]?.getRange();
  const isCommand = words[0]?.getValue().toUpperCase() === 'CMD';
  return record<NonNullable<DockerStage['healthcheck']>>({
    ...spanOf(instruction.getRange(), source),
    disabled: words[0]?.getValue().toUpperCase() === 'NONE',
    command:
      isCommand && second && rest
        ? toCommand({ start: offset(second.start, source), end: offset(rest.end, source) }, source)
        : undefined,
    flags: readFlags(instruction, source),
  });
}

function readCopy(instruction: Instruction, earlier: readonly DockerStage[], source: Source): DockerCopy {
  const range = instruction.getArgumentsRange();
  const span = range && spanOf(range, source);
  const exec =
    span && source.text[span.start] === '['
      ? execWords(source.text.slice(span.start, span.end), span.start)
      : undefined;
  const words = exec ?? collect(instruction.getArguments(), argument => located(argument.getRange(), source));
  const flags = readFlags(instruction, source);
  const from = flags.find(flag => flag.name === 'from' && flag.value !== null) as Located | undefined;
  const stage =
    from &&
    earlier.find(
      item => item.name?.value.toLowerCase() === from.value.toLowerCase() || String(item.index) === from.value,
    );
  return record<DockerCopy>({
    ...spanOf(instruction.getRange(), source),
    keyword: instruction.getKeyword() === 'ADD' ? 'ADD' : 'COPY',
    from: from && { value: from.value, start: from.start, end: from.end },
    fromStage: stage?.index,
    sources: words.slice(0, -1),
    dest: words.length > 1 ? words.at(-1) : undefined,
    flags,
  });
}

function readFlags(instruction: Instruction, source: Source): DockerCopy['flags'] {
  const flags = (instruction as ModifiableInstruction).getFlags?.() ?? [];
  return flags.map(flag => ({
    name: flag.getName(),
    value: flag.getValue(),
    ...spanOf(flag.getValueRange() ?? flag.getRange(), source),
  }));
}

function readInstruction(instruction: Instruction, source: Source): DockerInstruction {
  return record<DockerInstruction>({
    keyword: instruction.getKeyword(),
    ...spanOf(instruction.getRange(), source),
    arguments: argumentsOf(instruction, source),
  });
}

function argumentsOf(instruction: Instruction, source: Source): Located | undefined {
  return located(instruction.getArgumentsRange(), source);
}

function located(range: Place | null | undefined, source: Source): Located | undefined {
  if (!range) return undefined;
  const { start, end } = spanOf(range, source);
  return { value: source.text.slice(start, end), start, end };
}

function spanOf(range: Place, source: Source): { start: number; end: number } {
  const start = offset(range.start, source);
  return { start, end: Math.max(start, offset(range.end, source)) };
}

function offset(position: Place['start'], { starts, text }: Source): number {
  return Math.min((starts[position.line] ?? text.length) + position.character, text.length);
}
