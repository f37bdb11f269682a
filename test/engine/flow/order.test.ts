import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { type Analysis, analyse } from '../../../src/engine/engine.ts';
import { type Facts, factsOf } from '../../../src/engine/facts-of.ts';

const TEST = join(import.meta.dirname, '../..');
const SAMPLES = ['projects/express-shop', 'projects/nest-service', 'projects/serverless-edge', 'fixtures/security'];
/** A fixture's annotations are comments; the fixed texts would double every file. */
const LEFT_OUT = /\.fixed(?:\.|\/)|node_modules/;

/** Findings with their ways, and the ways of flows that nobody reports. */
function told({ findings, model, problems }: Analysis): unknown {
  return JSON.parse(JSON.stringify([findings, problems, model.flows.solution.flows, model.flows.solution.ended]));
}

function textsBelow(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const paths = files.map(entry =>
    join(entry.parentPath, entry.name)
      .slice(root.length + 1)
      .replaceAll('\\', '/'),
  );
  return new Map(
    paths
      .filter(path => !LEFT_OUT.test(path))
      .sort()
      .map(path => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

/**
 * Whoever extracts facts, on however many threads, hands them over in some order; nothing that is told may depend on it.
 */
suite('findings and their paths are the same in any order of files', () => {
  for (const sample of SAMPLES) {
    test(sample, () => {
      const texts = textsBelow(join(TEST, sample));
      const facts: [string, Facts][] = [];
      for (const [path, text] of texts) {
        const one = factsOf(path, text);
        if (one) facts.push([path, one]);
      }
      const of = (order: readonly [string, Facts][]) =>
        told(analyse({ facts: new Map(order), textOf: file => texts.get(file) }));
      const first = of(facts);
      assert.ok(facts.length > 5);
      assert.deepEqual(of([...facts].reverse()), first);
      const shuffled = fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length });
      fc.assert(
        fc.property(shuffled, order => assert.deepEqual(of(order), first)),
        { numRuns: 3, endOnFailure: true },
      );
    });
  }
});
