import type { JsonValue } from "../../src/model/types.js";
import { printYaml } from "../emit/stable-yaml.js";
import { argumentsOf, healthCommand, port, stateFolder } from "./command.js";
import type { ContainerPlan } from "./plan.js";

/** Seconds: how long balancers need to notice that a replica goes, then the gateway's own drain of 10, then some room. */
const [noticeSeconds, graceSeconds] = [5, 30];

interface Manifest {
  readonly path: string;
  readonly content: string;
}

/** Manifests for `kubectl apply -k container/kubernetes`. Values of the environment come from a Secret of yours. */
export function printKubernetes(plan: ContainerPlan): readonly Manifest[] {
  const scales = plan.sharing !== "single";
  const manifests: readonly (readonly [name: string, object: JsonValue])[] = [
    ["deployment", deployment(plan)],
    ["service", service(plan)],
    ...(scales
      ? ([
          ["autoscaler", autoscaler(plan)],
          ["disruption-budget", disruptionBudget(plan)],
        ] as const)
      : []),
    ...(plan.sharing === "single" ? ([["state", stateClaim(plan)]] as const) : []),
  ];
  const resources = manifests.map(([name]) => `${name}.yaml`);
  return [
    ...manifests.map(([name, object]) => ({ path: `${name}.yaml`, content: printYaml(object) })),
    { path: "kustomization.yaml", content: kustomization(plan, resources) },
  ];
}

function kustomization(plan: ContainerPlan, resources: readonly string[]): string {
  const secret =
    plan.environment.length === 0
      ? ""
      : `# First: kubectl create secret generic ${plan.name}-environment ${plan.environment.map((name) => `--from-literal=${name}=…`).join(" ")}\n`;
  return `${secret}${printYaml({ apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources })}`;
}

function metadata({ name, version }: ContainerPlan): JsonValue {
  return { name, labels: { "app.kubernetes.io/name": name, "app.kubernetes.io/version": version } };
}

function selector({ name }: ContainerPlan): JsonValue {
  return { "app.kubernetes.io/name": name };
}

function deployment(plan: ContainerPlan): JsonValue {
  const isSingle = plan.sharing === "single";
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(plan),
    spec: {
      // With several replicas their number is the autoscaler's.
      ...(isSingle && { replicas: 1 }),
      // Two processes must not have one folder of state; otherwise none goes before the next one serves.
      strategy: isSingle
        ? { type: "Recreate" }
        : { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selector(plan) },
      template: { metadata: { labels: selector(plan) }, spec: pod(plan, isSingle) },
    },
  };
}

function pod(plan: ContainerPlan, isSingle: boolean): JsonValue {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(!isSingle && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: selector(plan) },
        },
      ],
    }),
    containers: [gatewayContainer(plan, isSingle)],
    ...(isSingle && {
      volumes: [{ name: "state", persistentVolumeClaim: { claimName: `${plan.name}-state` } }],
    }),
  };
}

function gatewayContainer(plan: ContainerPlan, isSingle: boolean): JsonValue {
  const asks = (what: "live" | "ready") => ({ exec: { command: healthCommand(what) }, timeoutSeconds: 3 });
  return {
    name: "gateway",
    image: `${plan.name}:${plan.version}`,
    command: ["node", ...argumentsOf(plan)],
    ports: [{ name: "http", containerPort: port }],
    ...(plan.environment.length > 0 && {
      env: plan.environment.map((name) => ({
        name,
        valueFrom: { secretKeyRef: { name: `${plan.name}-environment`, key: name } },
      })),
    }),
    startupProbe: { ...asks("ready"), periodSeconds: 1, failureThreshold: 30 },
    readinessProbe: { ...asks("ready"), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...asks("live"), periodSeconds: 10, failureThreshold: 3 },
    // It goes on serving until balancers have noticed; SIGTERM comes after that, and lets requests finish.
    lifecycle: { preStop: { exec: { command: ["sleep", String(noticeSeconds)] } } },
    resources: { requests: { cpu: "250m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...(isSingle && { volumeMounts: [{ name: "state", mountPath: stateFolder }] }),
  };
}

function service(plan: ContainerPlan): JsonValue {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(plan),
    spec: { selector: selector(plan), ports: [{ name: "http", port: 80, targetPort: "http" }] },
  };
}

function autoscaler(plan: ContainerPlan): JsonValue {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadata(plan),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: plan.name },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
      ],
    },
  };
}

function disruptionBudget(plan: ContainerPlan): JsonValue {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(plan),
    spec: { maxUnavailable: 1, selector: { matchLabels: selector(plan) } },
  };
}

function stateClaim(plan: ContainerPlan): JsonValue {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: `${plan.name}-state` },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
}
