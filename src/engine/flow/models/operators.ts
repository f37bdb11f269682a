import { callsIn } from '../../link/call-index.ts';
import { perFile } from '../../link/kept/per-file.ts';
import type { Model } from '../../link/model.ts';
import type { Expr, FileFacts } from '../../model/facts.ts';
import type { Flow } from '../flow.ts';

/** Values that can still be an object where a filter takes them, and that nothing in the project cleans on the way. */
export function canBeOperator(model: Model, flow: Flow): boolean {
  if (flow.sink.guessed && !mayBeMongo(model, flow.sink.arg.file)) return false;
  return isStructured(model, flow) && !model.project.dependsOn(flow.sink.arg.file, 'express-mongo-sanitize');
}

/** A model that nobody declared: in a package that uses MongoDB, or an excerpt without one. */
function mayBeMongo({ project }: Model, file: string): boolean {
  return (
    !project.packageOf(file) || ['mongoose', 'mongodb', '@nestjs/mongoose'].some(name => project.dependsOn(file, name))
  );
}

/** Bodies hold objects; query strings only where Express before version 5 parses them. */
function isStructured({ project, program }: Model, { source, sink, isParsed }: Flow): boolean {
  if (isParsed || source.part !== 'query') return true;
  const version = project.versionOf(source.span.file, 'express') ?? project.versionOf(sink.arg.file, 'express');
  // A package of its own for bodies is from the days of version 4, too.
  const facts = program.units.get(source.span.file)?.facts;
  const isOld = version === undefined ? facts !== undefined && parsesApart(facts) : /^\D*[34]\b/.test(version);
  return isOld && /^(?:express|@nestjs\/common)\./.test(source.api);
}

const parsesApart = perFile(
  ({ imports, functions: [top] }: FileFacts) =>
    imports.some(({ module }) => module === 'body-parser') ||
    (top !== undefined &&
      callsIn(top).some(({ call: { f, a } }) => f.k === 'id' && f.n === 'require' && isParser(a[0]))),
);

function isParser(e: Expr | undefined): boolean {
  return e?.k === 'str' && e.v === 'body-parser';
}

/** `mongoose.set('sanitizeFilter', true)`, anywhere. */
export function sanitizesFilters({ program }: Model): boolean {
  for (const { facts } of program.units.values()) if (namesFilter(facts)) return true;
  return false;
}

const namesFilter = perFile(({ functions }: FileFacts) =>
  functions.some(fn => callsIn(fn).some(({ call: { a } }) => a[0]?.k === 'str' && a[0].v === 'sanitizeFilter')),
);
