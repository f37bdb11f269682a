import type { Endpoint } from '../../link/endpoint.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import { spanIn } from '../../link/values.ts';
import { writtenOptions } from '../../link/written-options.ts';
import type { Evidence } from '../../model/finding.ts';
import { isOpenToAllSignedIn, OWNER, type Sibling } from '../security/record-owners.ts';
import { originsOf } from '../value-origins.ts';

/** A search among everybody's documents for one of those who are signed in. */
export interface UnfilteredSearch {
  readonly operation: Operation;
  readonly endpoint: Endpoint;
  /** What says whose a document is, as it was written. */
  readonly owner: Owner;
}

interface Owner {
  readonly name: string;
  readonly evidence: Evidence;
  /** If it was whoever was calling. */
  readonly caller: Sibling['caller'] | undefined;
}

/** Where stores keep what is known of a document. */
const NOTES = ['metadata', 'metadatas', 'payload'];

export function unfilteredSearches(model: Model): UnfilteredSearch[] {
  const searches = model.operations('vector-search').filter(({ is }) => is['narrowed'] === false);
  return searches.flatMap(operation => {
    const owner = ownerIn(model, operation);
    const endpoint = model.reached.get(operation.fn)?.endpoints.find(isOpenToAllSignedIn);
    return owner && endpoint ? [{ operation, endpoint, owner }] : [];
  });
}

/** What the documents of the same store are marked with by the service that searches them. */
function ownerIn(model: Model, { file, is }: Operation): Owner | undefined {
  const { project, program } = model;
  const home = project.packageOf(file)?.path;
  for (const one of model.operations('vector-write')) {
    const unit = program.units.get(one.file);
    if (!unit || one.is['store'] !== is['store'] || project.packageOf(one.file)?.path !== home) continue;
    const written = NOTES.flatMap(name => writtenOptions(unit.facts).get(name) ?? []);
    for (const { value, fn, np } of written) {
      const list = value.k === 'arr' ? value.e : [value];
      const isOwn = one.fn.id === 0 || (one.fn.p[0] <= np[0] && np[1] <= one.fn.p[1]);
      for (const note of isOwn ? list : []) {
        const prop = note.k === 'obj' ? note.props.find(prop => prop.k === 'prop' && OWNER.test(prop.n)) : undefined;
        if (prop?.k !== 'prop') continue;
        const env = program.staticEnv(unit, fn);
        const caller = originsOf(model, { env, expr: prop.v }).find(origin => origin.k === 'caller');
        const evidence = { span: spanIn(env, prop.p), message: `documents are marked with \`${prop.n}\` here` };
        return { name: prop.n, evidence, caller };
      }
    }
  }
  return undefined;
}
