import { createGateway } from "../../runtime/host/gateway.js";
import type { InjectedRequest, InjectedResponse } from "../../runtime/host/inject.js";
import { readBody } from "../../runtime/http/read-body.js";
import { httpCustom } from "../../runtime/integrations/http-custom.js";
import { httpProxy } from "../../runtime/integrations/http-proxy.js";
import type { HttpTarget, HttpTargetResponse } from "../../runtime/integrations/http-target.js";
import type { ApiEntry, Pipeline, Program } from "../../runtime/program.js";
import { wholeJavaPattern } from "../../src/mapping/java-pattern/index.js";
import { type BackendReply, type BackendRequest, withBackend } from "./backend.js";
import { testProgram, testRoute } from "./program.js";

export const custom: Pipeline = async (x) => (await readBody(x)) || httpCustom(x);

export function httpTarget(more: Partial<HttpTarget>): HttpTarget {
  return {
    proxy: true,
    method: "ANY",
    uri: "http://127.0.0.1:1/",
    headers: [],
    query: [],
    path: [],
    insecureSkipVerification: false,
    responses: [],
    ...more,
  };
}

/** Integration responses as the cases list them, patterns as the generator prints them. */
export function targetResponses(list: unknown): HttpTargetResponse[] {
  const responses = (list ?? []) as readonly {
    readonly statusCode: string;
    readonly selectionPattern?: string;
    readonly responseTemplates?: Readonly<Record<string, string>>;
  }[];
  return responses.map(({ statusCode, selectionPattern, responseTemplates }) => ({
    status: Number(statusCode),
    pattern: selectionPattern ? new RegExp(wholeJavaPattern(selectionPattern), "u") : undefined,
    headers: [],
    templates: new Map(Object.entries(responseTemplates ?? {})),
  }));
}

export interface HttpRun {
  readonly target: Partial<HttpTarget>;
  readonly api?: Partial<ApiEntry>;
  readonly stages?: Program["stages"];
  readonly reply?: BackendReply;
  /** With its question mark, or empty. */
  readonly query?: string;
  readonly request?: Omit<InjectedRequest, "path"> & { readonly path?: string };
  /** Wraps the step: what a case checks before the integration. */
  readonly run?: Pipeline;
}

export interface HttpOutcome {
  readonly result: InjectedResponse;
  /** What the backend was sent; undefined when nothing was. */
  readonly request: BackendRequest | undefined;
}

/** One request through a gateway whose only route calls a real backend. */
export function runHttp({ target, api, stages, reply = {}, query = "", request, run }: HttpRun): Promise<HttpOutcome> {
  return withBackend(reply, async (url) => {
    const http = httpTarget({ ...target, uri: `${url}/` });
    const entry = testRoute("ANY /r", run ?? (http.proxy ? httpProxy : custom), { http });
    const gateway = createGateway({
      program: testProgram([entry], { ...(api && { api }), ...(stages && { stages }) }),
      environment: {},
    });
    const answer = await gateway.inject({ ...request, path: `${api?.kind === "http" ? "" : "/dev"}/r${query}` });
    await gateway.close({ drainMs: 0 });
    return answer;
  });
}
