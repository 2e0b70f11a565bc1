import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { container } from "../../../generators/container/index.js";
import { modelOf } from "../../support/diagnose.js";

async function filesOf(text: string): Promise<ReadonlyMap<string, string>> {
  const model = await modelOf(text, ["node"]);
  const files = await container.generate(model, { projectDir: "/p", outDir: "/p/build" });
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

const route = 'routes: { GET /a: { http: "http://${stageVariables.host}/" } }\n';
const stages = 'stages: { prod: { variables: { host: "${env.BACKEND}" } } }\n';

describe("container", () => {
  test("each YAML file is one document, and every name is a DNS label", async () => {
    const files = await filesOf(`gateway: My_Shop-\n${route}${stages}`);
    for (const [path, text] of files) {
      if (!path.endsWith(".yaml")) continue;
      const documents = parseAllDocuments(text);
      expect(documents, path).toHaveLength(1);
      const { metadata } = parse(text) as { metadata?: { name: string } };
      if (metadata) expect(metadata.name, path).toMatch(/^my-shop(-state)?$/);
    }
  });

  test("every variable of the environment comes from the Secret, in compose from the environment; none has a value", async () => {
    const files = await filesOf(
      `gateway: shop\nstate: { redis: "\${env.REDIS_URL}" }\nplans: { p: {} }\nkeys: { k: { plan: p, value: "\${env.KEY}" } }\n${route}${stages}`,
    );
    const deployment = parse(files.get("kubernetes/deployment.yaml") ?? "");
    const [pod] = deployment.spec.template.spec.containers;
    expect(pod.env.map(({ name }: { name: string }) => name)).toEqual(["BACKEND", "KEY", "REDIS_URL"]);
    expect(pod.env.every(({ valueFrom }: { valueFrom: object }) => "secretKeyRef" in valueFrom)).toBe(true);
    const compose = parse(files.get("compose.yaml") ?? "");
    expect(compose.services.gateway.environment).toEqual({
      BACKEND: "${BACKEND:?is not set}",
      KEY: "${KEY:?is not set}",
      REDIS_URL: "redis://redis:6379",
    });
    expect(files.has("kubernetes/autoscaler.yaml")).toBe(true);
    expect(deployment.spec.replicas).toBeUndefined();
  });

  test("counts that are kept on one machine allow one replica, with a volume", async () => {
    const files = await filesOf(`gateway: shop\nthrottle: { rate: 5 }\n${route}${stages}`);
    const deployment = parse(files.get("kubernetes/deployment.yaml") ?? "");
    expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: "Recreate" } });
    expect(files.has("kubernetes/autoscaler.yaml")).toBe(false);
    expect(files.get("Dockerfile")).toContain('"--state", "/state"');
    expect(files.get("Dockerfile")).toContain("HEALTHCHECK");
    expect(parse(files.get("kubernetes/kustomization.yaml") ?? "").resources).toContain("state.yaml");
  });
});

describe("Kubernetes manifests", () => {
  const yaml = `gateway: shop\nstate: { redis: "\${env.REDIS_URL}" }\nplans: { p: {} }\n${route}${stages}`;

  async function manifests(): Promise<Readonly<Record<string, ReturnType<typeof parse>>>> {
    const files = await filesOf(yaml);
    const texts = [...files].filter(([path]) => path.startsWith("kubernetes/"));
    return Object.fromEntries(texts.map(([path, text]) => [path.slice(11, -5), parse(text)]));
  }

  test("what they refer to is there", async () => {
    const { deployment, service, autoscaler, kustomization, ...others } = await manifests();
    const { labels } = deployment.spec.template.metadata;
    expect(labels).toMatchObject(deployment.spec.selector.matchLabels);
    expect(labels).toMatchObject(service.spec.selector);
    expect(labels).toMatchObject(others["disruption-budget"].spec.selector.matchLabels);
    const [pod] = deployment.spec.template.spec.containers;
    expect(pod.ports.map(({ name }: { name: string }) => name)).toContain(service.spec.ports[0].targetPort);
    expect(autoscaler.spec.scaleTargetRef).toEqual({ apiVersion: "apps/v1", kind: "Deployment", name: "shop" });
    // A share of what is requested: without a request there is none.
    expect(pod.resources.requests.cpu).toBeDefined();
    expect(kustomization.resources.sort()).toEqual(
      ["autoscaler.yaml", "deployment.yaml", "disruption-budget.yaml", "service.yaml"].sort(),
    );
  });

  test("probes ask the admin port that the gateway is started with, and there is time to drain", async () => {
    const { deployment } = await manifests();
    const { terminationGracePeriodSeconds, containers } = deployment.spec.template.spec;
    const [{ command, startupProbe, readinessProbe, livenessProbe, lifecycle }] = containers;
    const adminPort = command[command.indexOf("--admin-port") + 1];
    for (const [probe, path] of [
      [startupProbe, "ready"],
      [readinessProbe, "ready"],
      [livenessProbe, "live"],
    ]) {
      expect(probe.exec.command.at(-1)).toBe(`http://127.0.0.1:${adminPort}/health/${path}`);
      expect(probe.timeoutSeconds).toBeGreaterThan(Number(probe.exec.command[probe.exec.command.indexOf("-T") + 1]));
    }
    // Notice, the gateway's drain of ten seconds, and room.
    const [, notice] = lifecycle.preStop.exec.command;
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(notice) + 10 + 5);
  });
});
