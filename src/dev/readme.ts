import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { FixKind } from '../engine/model/finding.ts';
import type { AnyRule } from '../engine/rules/rule.ts';
import { compile } from '../knowledge/compile.ts';
import type { Generator } from './generate.ts';
import { camelCase } from './generators.ts';
import { readPages } from './knowledge-index.ts';
import { root } from './paths.ts';

const FIX_WORDS: Readonly<Record<FixKind, string>> = { auto: 'yes', suggest: 'to review', guide: '' };

/** The tables of rules and settings between their marks; the rest of the README is written by hand. */
export const readme: Generator = {
  output: 'README.md',
  produce() {
    let text = fs.readFileSync(path.join(root, 'README.md'), 'utf8').replaceAll('\r\n', '\n');
    for (const [name, lines] of [
      ['rules', ruleTable()],
      ['settings', settingsTable()],
    ] as const) {
      const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
      text = text.replace(marks, (_, open: string, close: string) => `${open}\n${lines.join('\n')}\n\n${close}`);
    }
    return text;
  },
};

function ruleTable(): string[] {
  // Loaded from their own files, for the index may be about to be written.
  const load = createRequire(import.meta.url);
  const titles = new Map(
    compile(readPages(root)).index.pages.flatMap(page => (page.kind === 'rule' ? [[page.id, page.title]] : [])),
  );
  const rows = fs
    .globSync('src/engine/rules/*/*.ts', { cwd: root })
    .sort()
    .flatMap(file => {
      const rule = load(path.join(root, file))[camelCase(path.basename(file, '.ts'))] as AnyRule | undefined;
      if (!rule) return [];
      const { id, severity, fix } = rule.meta;
      const link = `[\`${id}\`](knowledge/rules/${id}.md)`;
      return [`| ${link} | ${titles.get(id) ?? ''} | ${severity} | ${fix ? FIX_WORDS[fix] : ''} |`];
    });
  return ['| Rule | What it finds | Severity | Fix |', '|---|---|---|---|', ...rows];
}

function settingsTable(): string[] {
  const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  const rows = contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([name, { default: preset, markdownDescription }]) => {
      const text = markdownDescription.replace(/`#([\w.]+)#`/g, '`$1`').replace(/ ?\[[^\]]*\]\(command:[^)]*\)/g, '');
      return `| \`${name}\` | ${text} | \`${JSON.stringify(preset)}\` |`;
    }),
  );
  return ['| Setting | What it does | Default |', '|---|---|---|', ...rows];
}

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<
        Record<string, { readonly default: unknown; readonly markdownDescription: string }>
      >;
    }[];
  };
}
