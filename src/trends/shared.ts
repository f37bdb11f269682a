import type { Endpoint } from '../engine/link/endpoint.ts';
import type { Model } from '../engine/link/model.ts';
import type { Operation, OperationKind } from '../engine/link/operations.ts';
import type { ArtefactKind, ArtefactOf } from '../engine/model/artefacts.ts';
import type { Located, TextRange } from '../engine/model/document.ts';
import type { Evidence } from '../engine/model/finding.ts';
import type { Detector } from './evidence.ts';

/** A place in an artefact. */
export function at(file: string, { start, end }: TextRange, message: string): Evidence {
  return { span: { file, start, end }, message };
}

/** Operations of a kind that pass a test. */
export function operations(
  kind: OperationKind,
  message: string,
  test: (operation: Operation) => boolean = () => true,
): Detector {
  return model =>
    model
      .operations(kind)
      .filter(test)
      .map(({ span }) => ({ span, message }));
}

/** Endpoints that pass a test. */
export function endpoints(message: (endpoint: Endpoint) => string, test: (endpoint: Endpoint) => boolean): Detector {
  return model => model.endpoints.filter(test).map(endpoint => ({ span: endpoint.span, message: message(endpoint) }));
}

/** Run-time dependencies declared in any package.json of the workspace. */
export function dependencies(...patterns: readonly RegExp[]): Detector {
  return model =>
    artefacts(model, 'package-json').flatMap(({ path, facts }) =>
      [...facts.dependencies, ...facts.optionalDependencies]
        .filter(({ name }) => patterns.some(pattern => pattern.test(name.value)))
        .map(({ name }) => at(path, name, `depends on ${name.value}`)),
    );
}

/** Artefacts of a kind that are the project's own: examples, tests and fixtures left out. */
export function artefacts<K extends ArtefactKind>(model: Model, kind: K): { path: string; facts: ArtefactOf<K> }[] {
  return model.project.artefactsOf(kind).filter(({ path }) => {
    const role = model.project.roleOf(path);
    return model.settings.allFiles || (role !== 'test' && role !== 'example');
  });
}

/** The first of several detectors' finds, in their order. */
export function anyOf(...detectors: readonly Detector[]): Detector {
  return model => detectors.flatMap(detect => detect(model));
}

export function named(list: readonly { readonly name: Located }[], pattern: RegExp): Located[] {
  return list.filter(one => pattern.test(one.name.value)).map(one => one.name);
}
