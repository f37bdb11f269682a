/** The rules the pages may count on before each is registered: topic → rules. */
const PLANNED: Readonly<Record<string, string>> = {
  security:
    'missing-auth sql-injection hardcoded-secret session-cookie-flags cors-credentials-reflection jwt-verification weak-password-hash',
  api: 'unvalidated-input dto-not-validated spec-drift spec-auth-mismatch unbounded-list error-contract',
  graphql:
    'introspection-in-production no-query-limits csrf-prevention-off error-masking-off resolver-missing-auth resolver-n-plus-one subscription-unauthenticated',
  ai: 'key-exposed-to-client model-output-to-sink',
  ci: 'workflow-expression-injection token-and-pinning',
  integration: 'webhook-unverified http-client-no-timeout',
  microservices: 'boundary-import message-loss',
  serverless: 'callback-handler floating-promise',
  edge: 'node-api-in-edge',
  lowcode: 'rls-open privileged-key-exposed',
  containers: 'root-user',
  k8s: 'pod-security readiness',
  drift:
    'handler-missing worker-bindings probe-path-not-served port-mismatch pid1-signal no-graceful-shutdown otel-load-order',
  observability: 'no-tracing logging-baseline swallowed-error no-health-endpoint',
  performance: 'blocking-in-handler query-in-loop client-per-request',
  data: 'tx-client-escape schema-sync-in-prod',
  reliability: 'async-error-unforwarded',
};

export const plannedRules: readonly string[] = Object.entries(PLANNED).flatMap(([topic, names]) =>
  names.split(' ').map(name => `${topic}/${name}`),
);
