import assert from 'node:assert/strict';
import test from 'node:test';
import { applyEdits } from '../../../src/engine/fixes/exam.ts';
import { addDependency } from '../../../src/engine/fixes/package-dependency.ts';
import { analyseTexts } from '../../harness/workspace.ts';

const MANIFEST = '{\n    "name": "shop",\n    "dependencies": {\n        "express": "^5.0.0"\n    }\n}\n';

function added(name: string): string {
  const texts = new Map([['package.json', MANIFEST]]);
  const { project } = analyseTexts(texts, { rules: [] }).model;
  return applyEdits(
    MANIFEST,
    addDependency(project, file => texts.get(file), 'src/app.ts', name, '^1.0.0'),
  );
}

test('adds a dependency in alphabetical order with the indentation of the file', () => {
  assert.equal(added('bcrypt'), MANIFEST.replace('"express"', '"bcrypt": "^1.0.0",\n        "express"'));
});

test('leaves a declared dependency alone', () => {
  assert.equal(added('express'), MANIFEST);
});
