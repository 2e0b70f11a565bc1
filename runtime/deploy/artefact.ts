import { createHash } from "node:crypto";

/** Name of the bundle in a deployment's folder. */
export const bundleName = "gateway.mjs";

/** The part of the bundle that a host loads: routes and handlers, without the runtime. */
export const programName = "program.mjs";

/**
 * Where the runtime that a Program imports lies in the store, by its content: deployments that use the same parts of it
 * have one, which a process loads once.
 */
export function enginePath(engine: string): string {
  return enginePathOf(sha256Of(engine));
}

export function enginePathOf(engineSha256: string): string {
  return `engines/${idOf(engineSha256)}.mjs`;
}

/** `deployment.json` of a frozen build: what it is, without loading it. Written once. */
export interface Deployment {
  readonly format: 1;
  /** Sixteen hexadecimal digits, made of the bundle's bytes: the same content has the same id. */
  readonly id: string;
  /** SHA-256 of the bundle, hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** SHA-256 of `program.mjs`, hex; undefined: there is none, and hosts load the whole bundle. */
  readonly programSha256?: string | undefined;
  /** SHA-256 of the engine that it imports, hex; undefined: it has all that it needs. */
  readonly engineSha256?: string | undefined;
  readonly api: {
    readonly name: string;
    readonly version: string;
    readonly kind: "rest" | "http";
    readonly apiId: string;
  };
  readonly stages: readonly string[];
  /** `GET /orders/{id}`, in the order of the file. */
  readonly routes: readonly string[];
  /** The project's own modules in the bundle, by path, with a hash each: which handlers a deployment changes. */
  readonly modules: Readonly<Record<string, string>>;
  /** When it was frozen first, ISO 8601. */
  readonly createdAt: string;
}

export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

export function idOf(sha256: string): string {
  return sha256.slice(0, 16);
}

/**
 * The project's own modules of a bundle: esbuild puts each module's path before it as a comment. What is ours, a
 * package's or generated is left out.
 *
 * @param generated  folder of the build's outputs, relative to the project: `build`
 */
export function modulesOf(bundle: string, generated: string): Readonly<Record<string, string>> {
  const modules: Record<string, string> = {};
  const parts = bundle.split(/^\/\/ (\S+\.[cm]?[jt]sx?)$/m);
  for (let at = 1; at < parts.length; at += 2) {
    const path = parts[at] as string;
    if (path.startsWith("gatewayc/") || path.includes("node_modules/") || path.startsWith(`${generated}/`)) continue;
    modules[path] = sha256Of((parts[at + 1] ?? "").trim()).slice(0, 16);
  }
  return modules;
}
