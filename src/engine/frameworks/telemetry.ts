import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';

const start =
  (vendor: string): OperationReader =>
  call => ({ kind: 'telemetry-start', args: { options: call.arg(0) }, is: { vendor } });

/** Starting points of tracing: what has to run before the modules it instruments are loaded. */
export const telemetry = defineAdapter({
  id: 'telemetry',
  title: 'Telemetry',
  docs: 'https://opentelemetry.io/docs/languages/js/getting-started/nodejs/',
  packages: ['@opentelemetry/sdk-node', '@sentry/node', 'dd-trace', 'elastic-apm-node', 'applicationinsights'],
  middleware: {
    '@sentry/node.Handlers.requestHandler()': ['traces'],
    '@sentry/node.Handlers.tracingHandler()': ['traces'],
    '@sentry/node.Handlers.errorHandler()': ['handles-errors'],
    '@sentry/node.expressErrorHandler()': ['handles-errors'],
  },

  operations: {
    '@opentelemetry/sdk-node.NodeSDK#start': start('opentelemetry'),
    '@opentelemetry/instrumentation.registerInstrumentations': start('opentelemetry'),
    '@azure/monitor-opentelemetry.useAzureMonitor': start('azure'),
    'applicationinsights.setup': start('azure'),
    'dd-trace.init': start('datadog'),
    'dd-trace.tracer.init': start('datadog'),
    'elastic-apm-node.start': start('elastic'),
    '@sentry/node.init': start('sentry'),
    '@sentry/nestjs.init': start('sentry'),
    '@splunk/otel.start': start('splunk'),
    'prom-client.collectDefaultMetrics': () => ({ kind: 'metrics' }),
    'prom-client.Counter': call => ({ kind: 'metrics', args: { options: call.arg(0) } }),
    'prom-client.Histogram': call => ({ kind: 'metrics', args: { options: call.arg(0) } }),
    '@godaddy/terminus.createTerminus': call => ({ kind: 'health-check', args: { options: call.arg(1) } }),
    'lightship.createLightship': () => ({ kind: 'health-check' }),
    '@nestjs/terminus.HealthCheckService#check': () => ({ kind: 'health-check' }),
  },
});
