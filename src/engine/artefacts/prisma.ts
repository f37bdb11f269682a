import { type Block, getSchema, PrismaParser, VisitorClassFactory } from '@mrleebo/prisma-ast';
import type { ArtefactProblem } from '../model/artefacts/base.ts';
import type { PrismaFacts } from '../model/artefacts/data.ts';
import type { Located } from '../model/document.ts';
import { readModel } from './prisma-model.ts';
import { type ArtefactReader, hasExtension } from './reader.ts';
import { record } from './tree/record.ts';
import { MAX_PROBLEMS } from './tree/tree.ts';

type Datasource = PrismaFacts['datasources'][number];
type PrismaGenerator = PrismaFacts['generators'][number];

/** One block of a schema as text, with its place. */
export interface PrismaBlock {
  readonly keyword: string;
  readonly name: Located;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const parser = new PrismaParser({ nodeLocationTracking: 'full' });
const visitor = new (VisitorClassFactory(parser))();

export const prisma: ArtefactReader<'prisma'> = {
  kind: 'prisma',

  matches: path => hasExtension(path, 'prisma'),

  read(_path, text) {
    const problems: ArtefactProblem[] = [];
    const facts = {
      datasources: [] as Datasource[],
      generators: [] as PrismaGenerator[],
      models: [] as PrismaFacts['models'][number][],
      enums: [] as PrismaFacts['enums'][number][],
    };
    for (const block of splitBlocks(text)) {
      const parsed = parseBlock(block, problems);
      if (!parsed) continue;
      if (parsed.type === 'datasource') facts.datasources.push(readDatasource(parsed, block));
      else if (parsed.type === 'generator') facts.generators.push(readGenerator(parsed, block));
      else if (parsed.type === 'enum') {
        const values = parsed.enumerators.flatMap(item => (item.type === 'enumerator' ? [item.name] : []));
        facts.enums.push({ start: block.start, end: block.end, name: block.name, values });
      } else if (parsed.type === 'model' || parsed.type === 'view' || parsed.type === 'type')
        facts.models.push(readModel(parsed, block));
    }
    return { kind: 'prisma', problems, ...facts };
  },
};

/** The parser stops at the first mistake, so each block, and then each line of a broken block, is parsed on its own. */
function* splitBlocks(text: string): Generator<PrismaBlock, void, void> {
  const header = /^[ \t]*(model|view|type|enum|datasource|generator)[ \t]+(\w+)[ \t]*\{/gm;
  for (let match = header.exec(text); match; match = header.exec(text)) {
    const [whole, keyword = '', name = ''] = match;
    const start = match.index + whole.indexOf(keyword);
    const closing = /^[ \t]*\}/gm;
    closing.lastIndex = header.lastIndex;
    const inline = /^[^\n{}"]*\}/.exec(text.slice(header.lastIndex, header.lastIndex + 400));
    const close = inline ? undefined : closing.exec(text);
    const end = inline ? header.lastIndex + inline[0].length : close ? close.index + close[0].length : text.length;
    const nameStart = start + text.slice(start, match.index + whole.length).lastIndexOf(name);
    yield {
      keyword,
      start,
      end,
      text: text.slice(start, end),
      name: { value: name, start: nameStart, end: nameStart + name.length },
    };
    header.lastIndex = end;
  }
}

function parseBlock(block: PrismaBlock, problems: ArtefactProblem[]): Block | undefined {
  try {
    return parseText(block.text);
  } catch {
    if (problems.length < MAX_PROBLEMS)
      problems.push({ message: 'Prisma: invalid block', start: block.start, end: block.end });
  }
  // Blanks out the lines that do not parse on their own and keeps every offset.
  const [first = '', ...lines] = block.text.split('\n');
  const kept = lines.map(line => (parses(`${first}\n${line}\n}`) ? line : line.replace(/[^\r]/g, ' ')));
  const closed = /^\s*\}\s*$/.test(lines.at(-1) ?? '');
  try {
    return parseText([first, ...(closed ? [...kept.slice(0, -1), lines.at(-1)!] : [...kept, '}'])].join('\n'));
  } catch {
    return undefined;
  }
}

function parses(text: string): boolean {
  try {
    return parseText(text) !== undefined;
  } catch {
    return false;
  }
}

function parseText(text: string): Block | undefined {
  return getSchema(text, { parser, visitor }).list.find(block => block.type !== 'comment' && block.type !== 'break');
}

type Assignments = Extract<Block, { type: 'datasource' | 'generator' }>;

function readDatasource(parsed: Assignments, block: PrismaBlock): Datasource {
  const url = assignmentOf(parsed, block, 'url');
  return record<Datasource>({
    start: block.start,
    end: block.end,
    name: block.name,
    provider: stringOf(assignmentOf(parsed, block, 'provider')),
    urlEnv: envOf(url),
    directUrlEnv: envOf(assignmentOf(parsed, block, 'directUrl')),
    urlLiteral: stringOf(url) && url ? { start: url.start, end: url.end } : undefined,
    relationMode: stringOf(assignmentOf(parsed, block, 'relationMode')),
    schemas: stringsOf(assignmentOf(parsed, block, 'schemas')),
  });
}

function readGenerator(parsed: Assignments, block: PrismaBlock): PrismaGenerator {
  return record<PrismaGenerator>({
    start: block.start,
    end: block.end,
    name: block.name,
    provider: stringOf(assignmentOf(parsed, block, 'provider')),
    output: stringOf(assignmentOf(parsed, block, 'output')),
    binaryTargets: stringsOf(assignmentOf(parsed, block, 'binaryTargets')),
    previewFeatures: stringsOf(assignmentOf(parsed, block, 'previewFeatures')),
  });
}

interface Assigned {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The library gives assignments no place, so the line that starts with the key is looked up. */
function assignmentOf(parsed: Assignments, block: PrismaBlock, key: string): Assigned | undefined {
  if (!parsed.assignments.some(item => item.type === 'assignment' && item.key === key)) return undefined;
  const match = new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*`, 'm').exec(block.text);
  if (!match) return undefined;
  const from = match.index + match[0].length;
  const [raw = ''] =
    /^(?:\[[^\]]*\]|\w*\((?:"(?:[^"\\\n]|\\.)*"|[^)\n])*\)|"(?:[^"\\\n]|\\.)*"|[^\s/]+)/.exec(block.text.slice(from)) ??
    [];
  return { text: raw, start: block.start + from, end: block.start + from + raw.length };
}

function stringOf(assigned: Assigned | undefined): Located | undefined {
  if (!assigned || !/^"[^"]*"$/.test(assigned.text)) return undefined;
  return { value: assigned.text.slice(1, -1), start: assigned.start, end: assigned.end };
}

function stringsOf(assigned: Assigned | undefined): string[] {
  return [...(assigned?.text ?? '').matchAll(/"([^"]*)"/g)].map(match => match[1] ?? '');
}

/** The quoted name inside of `env("…")`. */
function envOf(assigned: Assigned | undefined): Located | undefined {
  const match = /^env\(\s*("([^"]*)")\s*\)$/.exec(assigned?.text ?? '');
  if (!assigned || !match) return undefined;
  const start = assigned.start + match[0].indexOf('"');
  return { value: match[2] ?? '', start, end: start + (match[1] ?? '').length };
}
