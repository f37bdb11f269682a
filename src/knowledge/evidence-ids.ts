/**
 * The closed vocabulary of positive evidence: what in a project speaks for a trend or a benefit. Pages name the ids in
 * `positive` and in their steps; the trend status looks for each in the model. The text is what a person reads beside it.
 */
export const EVIDENCE = {
  // microservices
  'service-units': 'More than one deployable unit',
  'outbound-service-call': 'A unit calls another unit of the workspace',
  'message-broker': 'Messages go through a broker or a queue',
  'timeout-set': 'Outbound calls carry a time limit',
  'retry-bounded': 'Retries are limited in number',
  // serverless
  'function-handlers': 'Functions in the shape a function platform calls',
  'iac-joined': 'Every declared function resolves to an exported handler',
  'failure-destination': 'A dead-letter queue or failure destination is declared',
  'partial-batch': 'Batch consumers report the items that failed',
  // edge
  'edge-target': 'Code that runs on an edge platform',
  bindings: 'Platform bindings declared in the configuration',
  'cache-api': 'Responses cached at the edge or marked cacheable',
  'edge-state': 'State kept in a store made for the edge platform',
  // ai-automation
  'llm-client': 'A language-model client used on the server',
  'model-output-schema': 'Model output checked against a schema',
  'ci-workflow': 'A workflow that runs on every change',
  'dependency-updates': 'Automated dependency updates',
  'least-privilege-token': 'Workflow permissions stated and narrow',
  'pinned-actions': 'Third-party actions pinned to a commit',
  // api-first
  'openapi-document': 'An OpenAPI document in the repository',
  'schema-validators': 'Input validated against schemas at run time',
  'generated-spec': 'The contract generated from code, or code from the contract',
  'problem-details': 'One error format for the whole API',
  'versioned-routes': 'Routes carry a version',
  // graphql
  'graphql-schema': 'A GraphQL schema',
  resolvers: 'Resolvers for the schema',
  'query-limits': 'Depth, cost or token limits, or an operation allow-list',
  dataloader: 'Lookups batched per request',
  // low-code
  supabase: 'A Supabase project',
  hasura: 'A Hasura project',
  firebase: 'A Firebase or Appwrite project',
  'workflow-export': 'Exported workflows of a low-code tool',
  'rls-policies': 'Row level security switched on, with policies',
  // security
  authentication: 'Guards that prove the caller',
  authorization: 'Role, permission or ownership checks',
  validation: 'Handlers that validate what they read',
  'rate-limit': 'Rate limits on routes',
  'security-headers': 'Security headers set for responses',
  'secret-scan': 'Secret or vulnerability scanning in a workflow',
  mfa: 'A second factor offered or required',
  encryption: 'Passwords or fields protected with a suitable algorithm',
  'webhook-signature': 'Webhook signatures verified',
  // containers
  dockerfile: 'A Dockerfile that builds a service of the workspace',
  kubernetes: 'Kubernetes manifests',
  probes: 'Readiness or liveness probes',
  resources: 'Memory and CPU requests, and a memory limit',
  'non-root': 'Images or pods that run without root',
  'exec-entrypoint': 'The service process receives signals itself',
  'graceful-shutdown': 'SIGTERM is handled: drain, then exit',
  autoscaling: 'Replicas or an autoscaler declared',
  // observability
  tracing: 'A tracer set up',
  'structured-logging': 'A structured logger',
  metrics: 'Metrics recorded or exported',
  'health-endpoint': 'A health endpoint',
  'error-tracking': 'Errors sent to a tracker',
  // benefits
  cache: 'A cache in front of expensive reads',
  pagination: 'Lists limited in size',
  'shared-client': 'Clients and pools created once per process',
  'external-state': 'Sessions, limits or jobs kept outside the process',
  'idempotency-key': 'Writes that can be repeated safely',
  'database-client': 'A database client or ORM',
  transactions: 'Related writes in one transaction',
  migrations: 'Schema changes kept as migrations',
} as const;

export type EvidenceId = keyof typeof EVIDENCE;

export const EVIDENCE_IDS = Object.keys(EVIDENCE) as readonly EvidenceId[];
