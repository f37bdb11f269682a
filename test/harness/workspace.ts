import { configLookup } from '../../src/engine/config/lookup.ts';
import { type Analysis, type AnalysisInput, analyse } from '../../src/engine/engine.ts';
import { type Facts, factsOf } from '../../src/engine/facts-of.ts';
import { examine, overlay } from '../../src/engine/fixes/exam.ts';
import type { Finding } from '../../src/engine/model/finding.ts';
import type { Change } from '../../src/engine/model/span.ts';
import { rules } from '../../src/engine/rules/index.ts';

/** Texts by workspace-relative path, run through the whole engine. */
export type Texts = ReadonlyMap<string, string>;

/** Settings that switch on what is off by default, so that every rule is tried on everything. */
const ALL_RULES = configLookup(
  new Map([
    [
      '',
      {
        rules: Object.fromEntries(
          rules.flatMap(({ meta }) => (meta.defaultOn === false ? [[meta.id, meta.severity]] : [])),
        ),
      },
    ],
  ]),
);

export function analyseTexts(texts: Texts, options: Partial<AnalysisInput> = {}): Analysis {
  const facts = new Map<string, Facts>();
  for (const path of [...texts.keys()].sort()) {
    const one = factsOf(path, texts.get(path)!);
    if (one) facts.set(path, one);
  }
  return analyse({ facts, textOf: file => texts.get(file), config: ALL_RULES, ...options });
}

/** The first fix of a finding that yields a change; fails the exam with reasons, or gives the texts after it. */
export function applyFix(
  texts: Texts,
  analysis: Analysis,
  finding: Finding,
): { texts: Texts; change: Change } | { reasons: string[] } {
  for (const fix of analysis.fixesOf(finding)) {
    const change = fix.change({ model: analysis.model, text: file => texts.get(file) });
    const laid = change && overlay(change, file => texts.get(file));
    if (!change || !laid) continue;
    const after = new Map([...texts, ...laid.files]);
    const again = analyseTexts(after);
    const broken = [...laid.files.keys()].filter(file => {
      const facts = factsOf(file, after.get(file)!);
      return facts?.kind === 'source' && facts.broken !== undefined;
    });
    const reasons = examine([finding], analysis.findings, again.findings, broken);
    return reasons.length ? { reasons } : { texts: after, change };
  }
  return { reasons: ['no fix gave a change'] };
}
