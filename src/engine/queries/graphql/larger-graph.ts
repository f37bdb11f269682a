import type { Value } from '../../link/values.ts';

type Options = Value & { readonly k: 'object' };

/** What puts the schemas of others together answers for them; there they are judged. */
export function isGateway(options: Options): boolean {
  return options.props.has('gateway') || /GatewayDriver$/.test(driverOf(options));
}

/** A part of a larger graph: a router stands in front of it and asks for its schema in a way of its own. */
export function isSubgraph(options: Options): boolean {
  const schema = options.props.get('schema');
  const isBuilt = schema?.k === 'api' && /subgraph|federat/i.test(schema.path);
  return isBuilt || options.props.has('federationMetadata') || /FederationDriver$/.test(driverOf(options));
}

/** The API path of the class that serves a module's schema. */
export function driverOf({ props }: Options): string {
  const driver = props.get('driver');
  return driver?.k === 'api' ? driver.path : '';
}
