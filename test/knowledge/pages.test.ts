import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { ts } from 'ts-morph';
import { BENEFITS, TRENDS } from '../../src/engine/model/finding.ts';
import { rules } from '../../src/engine/rules/index.ts';
import { EVIDENCE_IDS } from '../../src/knowledge/evidence-ids.ts';
import { prose } from '../../src/knowledge/markdown.ts';
import { sampleFiles } from '../../src/knowledge/samples.ts';
import { RECIPE_FRAMEWORKS, RECIPE_TOPICS } from '../../src/knowledge/types.ts';
import { files, index, pagesOf, problems, root } from './pages.ts';
import { plannedRules } from './planned-rules.ts';

const knownRules = new Set([...plannedRules, ...rules.map(({ meta }) => meta.id)]);
const themes = [...pagesOf('trend'), ...pagesOf('benefit')];

test('every page follows its schema', () => {
  assert.deepEqual(problems, []);
  assert.equal(index.pages.length, files.length);
});

test('every trend, benefit and recipe has its page', () => {
  assert.deepEqual(
    pagesOf('trend')
      .map(({ id }) => id)
      .sort(),
    [...TRENDS].sort(),
  );
  assert.deepEqual(
    pagesOf('benefit')
      .map(({ id }) => id)
      .sort(),
    [...BENEFITS].sort(),
  );
  const wanted = RECIPE_TOPICS.flatMap(topic => RECIPE_FRAMEWORKS.map(framework => `${topic}/${framework}`));
  assert.deepEqual(
    pagesOf('recipe')
      .map(({ id }) => id)
      .sort(),
    wanted.sort(),
  );
});

test('signals, steps and recipes name rules that exist', () => {
  const named = [
    ...themes.flatMap(page => [...page.signals, ...page.steps.flatMap(({ rule }) => rule ?? [])]),
    ...pagesOf('recipe').flatMap(({ resolves }) => resolves),
  ];
  assert.deepEqual(
    named.filter(id => !knownRules.has(id)),
    [],
  );
});

test('every rule is a signal of some trend or benefit', () => {
  const signals = new Set(themes.flatMap(page => page.signals));
  assert.deepEqual(
    plannedRules.filter(id => !signals.has(id)),
    [],
  );
});

test('a page explains in its prose every rule it takes as a signal, and names no other as one', () => {
  for (const page of themes) {
    const text = page.sections.find(({ heading }) => heading === 'What Underpin looks for')!.text;
    const named = [...text.matchAll(/`([a-z0-9]+\/[a-z0-9-]+)`/g)].map(match => match[1]!);
    assert.deepEqual([...new Set(named)].sort(), [...page.signals].sort(), page.key);
  }
});

test('a step that leads to a recipe leads to one for every framework', () => {
  const recipes = new Set(pagesOf('recipe').map(({ id }) => id));
  for (const { recipe } of themes.flatMap(page => page.steps)) {
    for (const framework of recipe ? RECIPE_FRAMEWORKS : []) assert.ok(recipes.has(`${recipe}/${framework}`));
  }
});

test('step ids are unique within their page', () => {
  for (const page of themes) {
    const ids = page.steps.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, page.key);
  }
});

test('every evidence id is used by a page', () => {
  const used = new Set(
    themes.flatMap(page => [...page.positive, ...page.steps.flatMap(({ evidence }) => evidence ?? [])]),
  );
  assert.deepEqual(
    EVIDENCE_IDS.filter(id => !used.has(id)),
    [],
  );
});

test('rule ids in prose exist', () => {
  const topics = new Set([...knownRules].map(id => id.split('/')[0]));
  for (const { path: file, text } of files) {
    const ids = [...prose(text).matchAll(/`([a-z0-9]+)\/([a-z0-9-]+)`/g)];
    const wrong = ids.filter(([, topic, name]) => topics.has(topic!) && !knownRules.has(`${topic}/${name}`));
    assert.deepEqual(
      wrong.map(([text]) => text),
      [],
      file,
    );
  }
});

test('relative links lead to files', () => {
  for (const { path: file, text } of files) {
    for (const [, target] of prose(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https:/.test(target!)) continue;
      assert.ok(fs.existsSync(path.join(root, path.dirname(file), target!)), `${file} links to ${target}`);
    }
  }
});

test('rule pages say what their rules say', () => {
  for (const page of pagesOf('rule')) {
    const meta = rules.find(rule => rule.meta.id === page.id)?.meta;
    if (!meta) continue;
    const { trend, benefits, cwe, owasp } = page;
    assert.deepEqual(
      { trend, benefits, cwe, owasp },
      { trend: meta.theme, benefits: meta.benefits, cwe: meta.cwe, owasp: meta.owasp },
      page.id,
    );
  }
});

test('samples in TypeScript and JSON parse', () => {
  for (const { path: file, text } of files) {
    for (const sample of sampleFiles(text)) {
      if (sample.language === 'json') assert.doesNotThrow(() => JSON.parse(sample.text), `${file}: ${sample.file}`);
      if (/^[cm]?[jt]sx?$/.test(sample.language))
        assert.deepEqual(syntaxErrors(sample.file, sample.text), [], `${file}: ${sample.file}`);
    }
  }
});

test('recipes import only what they list, Node and their own files', () => {
  for (const page of pagesOf('recipe')) {
    const samples = page.sections.flatMap(({ text }) => sampleFiles(text)).filter(({ language }) => language === 'ts');
    assert.ok(samples.length > 0, page.id);
    const own = new Set(samples.map(({ file }) => file));
    for (const { file, text } of samples) {
      for (const { fileName } of ts.preProcessFile(text).importedFiles) {
        if (fileName.startsWith('node:')) continue;
        if (fileName.startsWith('.')) {
          const target = path.posix.join(path.posix.dirname(file), fileName).replace(/\.js$/, '.ts');
          assert.ok(own.has(target), `${page.id}: ${file} imports ${fileName}`);
        } else
          assert.ok(
            packageName(fileName) in page.packages || COMPANIONS.has(packageName(fileName)),
            `${page.id}: ${fileName}`,
          );
      }
    }
  }
});

/** Packages that every Nest project has. */
const COMPANIONS = new Set(['@nestjs/common', '@nestjs/core', '@nestjs/platform-express']);

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function syntaxErrors(fileName: string, text: string): readonly string[] {
  const compilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    experimentalDecorators: true,
  };
  const { diagnostics = [] } = ts.transpileModule(text, { fileName, reportDiagnostics: true, compilerOptions });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
