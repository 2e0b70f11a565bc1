import type { ConformanceCase } from "./case.js";
import { answerProblem, show } from "./compare.js";
import { flatHeaders } from "./flat-headers.js";
import { backendProblem } from "./http-api-mapping.js";
import { runHttp, targetResponses } from "./http-route.js";
import { compiledTemplates, type MockCase, runMock } from "./mock-route.js";

interface WantedRequest {
  readonly headers?: unknown;
  readonly querystring?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

type Given = ConformanceCase["given"];

/** Area `overrides`: what templates set on `$context.requestOverride` and `$context.responseOverride`. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  return given["integration"] === "HTTP"
    ? runBackend(given, expect)
    : answerProblem(expect, await runMock(mockOf(given)));
}

function mockOf(given: Given): MockCase {
  const responses = (given["integrationResponses"] ?? [{ statusCode: "200" }]) as readonly object[];
  const template = given["responseTemplate"];
  return {
    ...given,
    requestTemplates: { "application/json": given["requestTemplate"] as string },
    integrationResponses: responses.map((response) => ({
      ...response,
      ...(template !== undefined && { responseTemplates: { "application/json": template } }),
    })),
  };
}

async function runBackend(given: Given, expect: ConformanceCase["expect"]): Promise<string | undefined> {
  const request = (given["request"] ?? {}) as { readonly headers?: unknown; readonly body?: string };
  const wanted = (expect["integrationRequest"] ?? {}) as WantedRequest;
  const { result, request: sent } = await runHttp({
    target: {
      proxy: false,
      templates: compiledTemplates({ "application/json": given["requestTemplate"] }),
      responses: targetResponses([{ statusCode: "200" }]),
    },
    request: { method: "POST", headers: flatHeaders(request.headers), body: request.body ?? "" },
  });
  return (
    answerProblem(expect, result) ??
    backendProblem({ backendHeaders: wanted.headers }, sent?.headers ?? []) ??
    queryProblem(wanted, sent?.url ?? "") ??
    (wanted.body === undefined || wanted.body === sent?.body.toString()
      ? undefined
      : `the backend got ${show(sent?.body.toString())}, wanted ${show(wanted.body)}`)
  );
}

function queryProblem({ querystring }: WantedRequest, url: string): string | undefined {
  const sent = new URL(url, "http://backend").searchParams;
  for (const [name, value] of Object.entries(querystring ?? {})) {
    const values = [value].flat();
    if (values.join("\n") !== sent.getAll(name).join("\n")) {
      return `the backend got ${name}=${show(sent.getAll(name))}, wanted ${show(value)}`;
    }
  }
  return undefined;
}
