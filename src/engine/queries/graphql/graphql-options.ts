import { operationDependsOnStage } from '../../link/conditions.ts';
import { definition } from '../../link/literals.ts';
import type { Model } from '../../link/model.ts';
import type { Operation } from '../../link/operations.ts';
import type { Unit } from '../../link/units.ts';
import { spanIn } from '../../link/values.ts';
import type { ExprOf, Prop } from '../../model/facts.ts';
import type { Span } from '../../model/span.ts';
import { loginCookies } from '../cookies.ts';

/** A switch that the options of a GraphQL server set, whatever the stage. */
export interface StatedSwitch {
  readonly operation: Operation;
  readonly span: Span;
  /** Where it stands, if in the call's own file. */
  readonly place: { readonly object: ExprOf<'obj'>; readonly property: Prop } | undefined;
}

/** Servers whose option `name` is `wanted`. */
export function statedSwitches(model: Model, name: string, wanted: boolean): StatedSwitch[] {
  return model.operations('graphql-server').flatMap(operation => {
    const arg = operation.args['options'];
    const options = arg?.value;
    if (!arg || options?.k !== 'object' || operationDependsOnStage(operation)) return [];
    const value = options.props.get(name);
    if (value?.k !== 'const' || value.v !== wanted) return [];
    const { expr, env } = definition(model.program, { env: arg.env, expr: arg.expr });
    const property = expr.k === 'obj' ? expr.props.findLast(one => one.k === 'prop' && one.n === name) : undefined;
    if (expr.k !== 'obj' || !property) return [{ operation, span: operation.span, place: undefined }];
    const isHere = env.unit.path === operation.file;
    return [{ operation, span: spanIn(env, property.p), place: isHere ? { object: expr, property } : undefined }];
  });
}

/** Units that sign people in by a cookie which browsers send along from other sites. */
export function cookieUnits(model: Model): ReadonlySet<Unit | undefined> {
  const sent = loginCookies(model).filter(({ missing }) => missing.includes('SameSite'));
  return new Set(sent.map(({ operation }) => model.unitOf(operation.file)));
}

/** Servers of Apollo before version 4, which refuse cross-site forms only if told to, in a service with such cookies. */
export function formsAccepted(model: Model): Operation[] {
  const cookies = cookieUnits(model);
  return model.operations('graphql-server').filter(operation => {
    const options = operation.args['options']?.value;
    if (operation.is['server'] !== 'apollo' || options?.k !== 'object' || options.open) return false;
    if (options.props.has('csrfPrevention') || !cookies.has(model.unitOf(operation.file))) return false;
    const version = model.project.versionOf(operation.file, operation.callee.replace(/\.ApolloServer$/, ''));
    return version !== undefined && Number.parseInt(version, 10) < 4;
  });
}
