import type { GatewayModel } from "../../src/model/gateway-model.js";

/** Address of one stage when a client is told nothing else. */
export interface BaseUrl {
  readonly stage: string;
  readonly url: string;
}

/**
 * Base URLs by stage: the custom domain (no wildcard) that leads to the stage, otherwise where the generated gateway listens by default.
 * An HTTP API's `$default` stage has no path of its own.
 */
export function baseUrlsOf({ stages, domains }: GatewayModel): readonly BaseUrl[] {
  return stages.map(({ name }) => {
    const domain = domains.find(
      (entry) => !entry.name.includes("*") && entry.paths.some((path) => path.stage === name),
    );
    const basePath = domain?.paths.find((path) => path.stage === name)?.basePath ?? "";
    const url = domain ? `https://${domain.name}/${basePath}` : `http://127.0.0.1:8080/${stagePath(name)}`;
    return { stage: name, url: url.replace(/\/$/, "") };
  });
}

/** Path of a stage below its host. */
export function stagePath(stage: string): string {
  return stage === "$default" ? "" : stage;
}
