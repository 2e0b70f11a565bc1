import type { GatewayModel } from "../../src/model/gateway-model.js";

/** What the files say; the printer only writes it down. */
export interface ContainerPlan {
  /** A DNS label: names of Kubernetes objects, images and services. */
  readonly name: string;
  /** A tag of images, and the value of a label. */
  readonly version: string;
  /** Environment variables that the gateway reads, sorted; the one that Redis's address comes from is among them. */
  readonly environment: readonly string[];
  /** The only variable that makes up the address of Redis; undefined: there is none, or it is written otherwise. */
  readonly redisVariable: string | undefined;
  /** How several replicas get on: they share Redis, have nothing to share, or there must be only one. */
  readonly sharing: "redis" | "nothing" | "single";
}

export function planContainer(model: GatewayModel): ContainerPlan {
  const parts = model.state?.redis.parts ?? [];
  const [only] = parts;
  return {
    name: dnsLabel(model.name),
    version: tagOf(model.version),
    environment: environmentOf(model),
    redisVariable: parts.length === 1 && typeof only === "object" && only.kind === "env" ? only.name : undefined,
    sharing: model.state !== undefined ? "redis" : countsSomething(model) ? "single" : "nothing",
  };
}

/** Whether requests to one replica matter to another. */
function countsSomething({ plans, keys, routes, stages, websocket }: GatewayModel): boolean {
  const throttled = [...routes, ...stages].some(({ throttle }) => throttle !== undefined);
  return plans.length + keys.length > 0 || throttled || websocket !== undefined;
}

/** Names of the environment variables that stand anywhere in the model. */
function environmentOf(model: GatewayModel): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if ("kind" in value && value.kind === "env" && "name" in value && typeof value.name === "string") {
      names.add(value.name);
    }
    for (const member of Object.values(value)) visit(member);
  };
  visit(model);
  return [...names].sort();
}

/** Letters, digits, `-`, `_` and `.`, at most 63. */
function tagOf(version: string): string {
  const tag = version.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 63);
  return tag.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "") || "latest";
}

/** RFC 1123: lower-case letters, digits and inner hyphens, at most 63; some room is left for suffixes. */
function dnsLabel(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .slice(0, 50)
    .replace(/^-+|-+$/g, "");
  return label === "" ? "gateway" : label;
}
