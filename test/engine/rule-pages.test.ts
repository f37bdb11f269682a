import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { lineIndex } from '../../src/common/line-index.ts';
import type { Finding, Severity } from '../../src/engine/model/finding.ts';
import { rules } from '../../src/engine/rules/index.ts';
import { ruleSamples, type SampleFile } from '../../src/knowledge/samples.ts';
import { analyseTexts, applyFix, type Texts } from '../harness/workspace.ts';
import { files } from '../knowledge/pages.ts';

/** The samples of every rule page are run: Bad makes the rule speak, Good makes no rule speak. */
for (const { meta } of rules) {
  suite(meta.id, () => {
    const page = files.find(({ path }) => path === `knowledge/rules/${meta.id}.md`);
    const samples = page ? ruleSamples(page.text) : [];

    test('has a page', () => assert.ok(page));

    for (const { verdict, files: sample } of samples) {
      const texts = new Map(sample.map(({ file, text }) => [file, text]));
      if (verdict === 'bad') {
        test('the bad sample is reported', () => {
          const { findings, problems } = analyse(texts);
          assert.deepEqual(problems, []);
          const own = findings.filter(({ ruleId }) => ruleId === meta.id);
          assert.ok(own.length > 0, `only ${list(findings, sample) || 'nothing'}`);
        });
        if (meta.fix === 'auto')
          test('the bad sample can be fixed', () => {
            const { analysis, findings } = analyse(texts);
            const fixable = findings.filter(({ ruleId, fixes }) => ruleId === meta.id && fixes.length > 0);
            assert.ok(fixable.length > 0, 'no fix is offered');
            const results = fixable.map(finding => applyFix(texts, analysis, finding));
            assert.ok(
              results.some(result => 'texts' in result),
              results.flatMap(result => ('reasons' in result ? result.reasons : [])).join(' '),
            );
          });
      } else {
        test('the good sample is silent for all rules', () => {
          const { findings, problems } = analyse(texts);
          assert.deepEqual(problems, []);
          const counted = findings.filter(({ ruleId, severity }) => isOwnTopic(ruleId, meta.id) || !isHint(severity));
          assert.equal(list(counted, sample), '');
        });
      }
    }

    test('the messages are sentences', () => {
      for (const [key, message] of Object.entries(meta.messages)) assert.match(message, /^[\w{`"'].*\.$/s, key);
    });
  });
}

/** A sample is no whole service: what it lacks beside its topic (a health check, tracing …) may be hinted at. */
function isHint(severity: Severity): boolean {
  return severity === 'info' || severity === 'hint';
}

function isOwnTopic(ruleId: string, id: string): boolean {
  return ruleId.split('/')[0] === id.split('/')[0];
}

function analyse(texts: Texts) {
  const analysis = analyseTexts(texts);
  return {
    analysis,
    findings: analysis.findings.filter(({ suppression }) => !suppression),
    problems: analysis.problems,
  };
}

function list(findings: readonly Finding[], sample: readonly SampleFile[]): string {
  return findings
    .map(({ ruleId, span, message }) => {
      const text = sample.find(({ file }) => file === span.file)?.text ?? '';
      return `${span.file}:${lineIndex(text).positionAt(span.start).line + 1} ${ruleId}: ${message}`;
    })
    .join('\n');
}
