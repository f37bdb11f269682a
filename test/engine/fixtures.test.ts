import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { suite } from 'node:test';
import { lineIndex } from '../../src/common/line-index.ts';
import type { Finding } from '../../src/engine/model/finding.ts';
import { rules } from '../../src/engine/rules/index.ts';
import { analyseTexts, applyFix, type Texts } from '../harness/workspace.ts';

/**
 * `test/fixtures/<topic>/<rule>/<case>`: a file, or a folder that is a small workspace. Carets under a line mark a
 * finding's exact range:
 *
 *     app.post('/orders', createOrder);
 *     //  ^^^^ security/missing-auth: POST /orders answers anyone.
 *
 * `#  ^^^^ …` in YAML, Dockerfiles and the like, `--  ^^^^ …` in SQL. `(fix)` before the carets says that a fix is
 * offered; `<case>.fixed.<ext>` or `<case>.fixed/` holds the texts after it. `(low)` before them marks low confidence. A first line `only: security/*` in a
 * comment leaves other topics out. Whatever is not annotated must be silent, for every rule.
 * Files that cannot hold comments (JSON) are annotated in `expected.txt` of the case's folder: `file:line:column-column rule: message`.
 */
const ROOT = join(import.meta.dirname, '../fixtures');
const ANNOTATION = /^\s*(?:\/\/|#|--)\s*(\((?:fix|low)\)\s*)?(\^+) ([a-z0-9-]+\/[a-z0-9-]+): (.*?)\s*$/;
const ONLY = /only: ([a-z0-9/*, -]+)/;

for (const rule of rules) {
  const folder = join(ROOT, rule.meta.id);
  suite(rule.meta.id, () => {
    const cases = existsSync(folder)
      ? readdirSync(folder)
          .filter(name => !/\.fixed(?:\.|$)/.test(name))
          .sort()
      : [];
    const speaking: string[] = [];
    const silent: string[] = [];
    for (const name of cases) {
      const texts = readCase(join(folder, name), name);
      const wanted = expected(texts);
      (wanted.some(line => line.includes(` ${rule.meta.id}: `)) ? speaking : silent).push(name);
      test(name, () => checkCase(join(folder, name), texts, wanted));
    }
    test('has two speaking cases and three silent near misses', () => {
      assert.ok(speaking.length >= 2, `speaking: ${speaking.join(', ') || 'none'}`);
      assert.ok(silent.length >= 3, `silent: ${silent.join(', ') || 'none'}`);
    });
  });
}

function checkCase(at: string, texts: Texts, wanted: readonly string[]): void {
  const plain = new Map([...texts].map(([file, text]) => [file, text]));
  const analysis = analyseTexts(plain, { minConfidence: 'low' });
  assert.deepEqual(analysis.problems, []);
  const only = ONLY.exec([...texts.values()].map(text => text.split('\n', 1)[0]).join('\n'))?.[1]?.split(/,\s*/);
  const relevant = analysis.findings.filter(
    ({ ruleId, suppression }) => !suppression && (!only || only.some(pattern => matches(pattern, ruleId))),
  );
  assert.deepEqual(relevant.map(finding => show(finding, texts)).sort(), [...wanted].sort());
  const after = fixedTexts(at, texts);
  if (!after) return;
  const first = relevant.find(finding => finding.fixes.length > 0);
  assert.ok(first, 'a .fixed text is there, but no finding offers a fix');
  const fixed = applyFix(plain, analysis, first);
  if ('reasons' in fixed) assert.fail(fixed.reasons.join(' '));
  for (const [file, text] of after)
    assert.equal(withoutAnnotations(fixed.texts.get(file) ?? ''), withoutAnnotations(text), file);
}

function matches(pattern: string, ruleId: string): boolean {
  return pattern.endsWith('/*') ? ruleId.startsWith(pattern.slice(0, -1)) : ruleId === pattern;
}

function readCase(at: string, name: string): Map<string, string> {
  if (!statSync(at).isDirectory()) return new Map([[name, readFileSync(at, 'utf8')]]);
  // Unlike a glob, this sees folders such as `.github`.
  const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return new Map(
    files
      .map(entry => join(entry.parentPath, entry.name))
      .sort()
      .map(path => [path.slice(at.length + 1), readFileSync(path, 'utf8')]),
  );
}

function fixedTexts(at: string, texts: Texts): Map<string, string> | undefined {
  if (existsSync(`${at}.fixed`)) return readCase(`${at}.fixed`, '');
  const [only] = texts.keys();
  const single = at.replace(/(\.\w+)$/, '.fixed$1');
  return texts.size === 1 && single !== at && existsSync(single)
    ? new Map([[only!, readFileSync(single, 'utf8')]])
    : undefined;
}

function expected(texts: Texts): string[] {
  const out: string[] = [];
  for (const [file, text] of texts) {
    if (file === 'expected.txt') {
      out.push(...text.split('\n').filter(Boolean));
      continue;
    }
    let target = 0;
    for (const [index, line] of text.split('\n').entries()) {
      const match = ANNOTATION.exec(line);
      if (!match) {
        target = index;
        continue;
      }
      const start = line.indexOf('^');
      out.push(
        `${file}:${target + 1}:${start + 1}-${start + 1 + match[2]!.length} ${match[1]?.trim() ?? ''}${match[1] ? ' ' : ''}${match[3]}: ${match[4]}`,
      );
    }
  }
  return out;
}

function show({ span, ruleId, message, fixes, confidence }: Finding, texts: Texts): string {
  const { line, character } = lineIndex(texts.get(span.file)!).positionAt(span.start);
  const lineEnd = texts.get(span.file)!.indexOf('\n', span.start);
  // A range over several lines is marked on its first.
  const end = lineEnd === -1 ? span.end : Math.min(span.end, lineEnd);
  const mark = confidence === 'low' ? '(low) ' : fixes.length ? '(fix) ' : '';
  return `${span.file}:${line + 1}:${character + 1}-${character + 1 + end - span.start} ${mark}${ruleId}: ${message}`;
}

function withoutAnnotations(text: string): string {
  return text
    .split('\n')
    .filter(line => !ANNOTATION.test(line))
    .join('\n');
}
