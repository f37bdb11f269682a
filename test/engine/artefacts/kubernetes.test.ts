import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { artefactKind } from '../../../src/engine/artefacts/index.ts';
import { cut, readAs, values } from './read.ts';
import { sample } from './samples.ts';

const { text } = sample('k8s/api.yaml');
const { resources } = readAs('kubernetes', 'k8s/api.yaml', text);
const [deployment, service, ingress, autoscaler, secret] = resources;

describe('Kubernetes', () => {
  test('workload: pod, labels through anchors, containers', () => {
    assert.ok(deployment?.type === 'workload');
    assert.equal(deployment.resourceKind.value, 'Deployment');
    assert.equal(cut(text, deployment.name), 'api');
    assert.equal(deployment.replicas?.value, 3);
    assert.equal(deployment.partial, false);
    assert.deepEqual(
      deployment.podLabels.map(item => [item.name.value, item.value.value]),
      [
        ['tier', 'web'],
        ['app', 'api'],
      ],
    );
    assert.deepEqual(
      deployment.selector.map(item => item.value.value),
      ['api'],
    );
    const { pod } = deployment;
    assert.equal(pod.terminationGracePeriodSeconds?.value, 45);
    assert.equal(pod.automountServiceAccountToken?.value, false);
    assert.equal(pod.securityContext?.runAsNonRoot?.value, true);
    assert.equal(pod.hostNetwork, undefined);
    assert.equal(cut(text, pod.volumes[0]?.source), 'emptyDir');
    const [container] = pod.containers;
    assert.equal(container?.image?.value, 'ghcr.io/shop/api:1.4.2');
    assert.equal(cut(text, container?.image), '"ghcr.io/shop/api:1.4.2"');
    assert.equal(cut(text, container?.ports[0]?.containerPort), '3000');
    assert.equal(container?.env[0]?.value?.value, '3000');
    assert.equal(container?.env[1]?.from?.value, 'secretKeyRef');
    assert.equal(container?.env[1]?.refKey?.value, 'password');
    assert.equal(container?.envFrom[0]?.name?.value, 'api-config');
    assert.deepEqual(
      container?.resources?.limits.map(item => item.value.value),
      ['512Mi'],
    );
    assert.deepEqual(values(container?.securityContext?.capabilitiesDrop), ['ALL']);
    assert.equal(container?.securityContext?.allowPrivilegeEscalation?.value, false);
    assert.deepEqual(values(container?.preStop?.command), ['sleep', '10']);
    assert.equal(container?.volumeMounts[0]?.mountPath?.value, '/tmp');
  });

  test('probes', () => {
    assert.ok(deployment?.type === 'workload');
    const [readiness, liveness] = deployment.pod.containers[0]?.probes ?? [];
    assert.equal(readiness?.probe, 'readiness');
    assert.equal(readiness?.handler, 'http');
    assert.equal(cut(text, readiness?.path), '/readyz');
    assert.equal(readiness?.port?.value, 'http');
    assert.equal(readiness?.periodSeconds?.value, 5);
    assert.equal(liveness?.handler, 'exec');
    assert.deepEqual(values(liveness?.command), ['sh', '-c', 'true']);
  });

  test('service, ingress, and what a List holds', () => {
    assert.ok(service?.type === 'service' && ingress?.type === 'ingress');
    assert.equal(service.ports[0]?.targetPort?.value, 'http');
    assert.equal(service.ports[0]?.port?.value, 80);
    assert.equal(ingress.paths[0]?.service?.value, 'api');
    assert.equal(ingress.paths[0]?.port?.value, 80);
    assert.equal(ingress.paths[0]?.host?.value, 'shop.example.com');
    assert.ok(autoscaler?.type === 'autoscaler');
    assert.equal(autoscaler.maxReplicas?.value, 10);
    assert.ok(secret?.type === 'secret');
    assert.equal(secret.data[0]?.name.value, 'password');
    assert.equal(secret.data[0]?.value.value, null);
  });

  test('the value of a Secret is not in the facts', () => {
    assert.doesNotMatch(JSON.stringify(resources), /hunter2/);
  });

  test('cron jobs, pods, other kinds, kustomizations', () => {
    const cron =
      'apiVersion: batch/v1\nkind: CronJob\nspec:\n  schedule: "0 * * * *"\n  jobTemplate: { spec: { template: { spec: { containers: [{ name: c }] } } } }\n---\napiVersion: v1\nkind: Pod\nspec: { hostNetwork: true, containers: [{ name: p, securityContext: { runAsUser: ${UID} } }] }\n---\napiVersion: serving.knative.dev/v1\nkind: Service\n';
    const [job, pod, knative] = readAs('kubernetes', 'a.yaml', cron).resources;
    assert.ok(job?.type === 'workload' && pod?.type === 'workload');
    assert.equal(job.partial, true);
    assert.equal(job.schedule?.value, '0 * * * *');
    assert.equal(job.pod.containers[0]?.name?.value, 'c');
    assert.equal(pod.pod.hostNetwork?.value, true);
    assert.equal(knative?.type, 'other');
    // Stated but not known is null; a rule about what is absent must not speak of it.
    assert.equal(pod.pod.containers[0]?.securityContext?.runAsUser?.value, null);
    const kustomization =
      'resources: [../base]\nimages:\n  - { name: api, newTag: "2" }\nreplicas: [{ name: api, count: 4 }]\n';
    const [kustomize] = readAs('kubernetes', 'k8s/prod/kustomization.yaml', kustomization).resources;
    assert.ok(kustomize?.type === 'kustomization');
    assert.equal(kustomize.images[0]?.newTag?.value, '2');
    assert.equal(kustomize.replicas[0]?.count?.value, 4);
  });

  test('templates of Helm charts give no facts', () => {
    assert.equal(
      artefactKind('charts/a/templates/cm.yaml', 'apiVersion: v1\nkind: ConfigMap\ndata: { a: {{ .x }} }'),
      'helm-template',
    );
    const late = `apiVersion: v1\nkind: ConfigMap\n${'# padding\n'.repeat(1000)}data: {{ .Values.data }}\n`;
    const facts = readAs('kubernetes', 'deploy/a.yaml', late);
    assert.deepEqual(facts.resources, []);
    assert.equal(facts.problems.length, 1);
  });
});
