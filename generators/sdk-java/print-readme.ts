import { loadTemplate } from "../emit/text-template.js";
import { brokenBlocks, routeComment } from "../sdk-shared/broken-lines.js";
import { cell, inline, paragraph } from "../sdk-shared/markdown.js";
import type { JavaPlan } from "./plan.js";
import { resultType } from "./print-client.js";
import { socketReadme } from "./readme-socket.js";
import { javaCall } from "./sample.js";

/** `README.md`: the calls that a user makes first, errors, credentials, and a list of all operations. */
export async function printReadme(plan: JavaPlan): Promise<string> {
  const render = await loadTemplate(new URL("readme.hbs", import.meta.url));
  const failing = plan.operations.find(({ failures }) => failures.length > 0);
  const streaming = plan.operations.find(({ events }) => events);
  const paged = plan.operations.find(({ pages }) => pages);
  const calls = plan.operations.slice(0, 5).map((operation, at) => {
    const type = resultType(operation.result);
    const assigned = type === "void" ? "" : `${type} answer${at + 1} = `;
    return `${routeComment(operation.route, "//")}${assigned}${javaCall(operation, plan)};`;
  });
  const text = render({
    package: plan.package,
    group: plan.group,
    artifact: plan.artifact,
    packageVersion: plan.packageVersion,
    client: plan.client,
    title: inline(plan.title),
    version: inline(plan.version),
    license: inline(plan.settings.license ?? ""),
    description: plan.description === undefined ? "" : paragraph(plan.description),
    setters: [
      `.stage(${plan.client}.Stage.${plan.stages[0]?.name})`,
      ...plan.credentials.map(({ setter }) => `.${setter}(Credential.of(secret))`),
    ].join(""),
    calls,
    imports: imports.filter(([, pattern]) => calls.some((call) => pattern.test(call))).map(([name]) => name),
    asyncMethod: plan.operations[0]?.asyncMethod ?? "",
    error: failing
      ? {
          call: javaCall(failing, plan),
          type: failing.failures[0]?.type.replace(/<.*/, "") ?? "",
          byStatus: exceptions[failing.failures[0]?.status ?? 0] ?? "ServerError",
        }
      : undefined,
    events: streaming ? javaCall(streaming, plan, streaming.events) : "",
    pages: paged ? { call: javaCall(paged, plan, paged.pages?.items), type: paged.pages?.item.type ?? "" } : undefined,
    stages: plan.stages.map((stage) => ({ name: stage.name, url: cell(stage.url) })),
    credentials: [
      ...plan.credentials.map(({ setter, uses }) => ({
        name: setter,
        place: [
          ...new Set(
            uses.map(({ place, key }) => `${place === "query" ? "query parameter" : "header"} \`${cell(key)}\``),
          ),
        ].join(", "),
      })),
      ...(plan.isSigned ? [{ name: "iam", place: "`Authorization`, by `new SigV4(region, credentials)`" }] : []),
    ],
    hasCognito: plan.needs.hasCognito,
    socket: socketReadme(plan),
    operations: plan.operations.map(({ javaMethod, route, summary, description }) => ({
      method: javaMethod,
      route: cell(route),
      about: cell(summary ?? description ?? ""),
    })),
  });
  return brokenBlocks(text, "java");
}

/** What calls and the types of their answers may need besides the package. */
const imports: readonly (readonly [string, RegExp])[] = [
  ["java.io.InputStream", /\bInputStream\b/],
  ["java.net.http.HttpRequest.BodyPublishers", /\bBodyPublishers\./],
  ["java.time.LocalDate", /\bLocalDate\b/],
  ["java.time.OffsetDateTime", /\bOffsetDateTime\b/],
  ["java.util.List", /\bList[<.]/],
  ["java.util.Map", /\bMap[<.]/],
];

/** Exceptions of the runtime by status, as `ApiException.java` has them. */
const exceptions: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "Unauthorized",
  402: "PaymentRequired",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  410: "Gone",
  412: "PreconditionFailed",
  413: "ContentTooLarge",
  415: "UnsupportedMediaType",
  422: "UnprocessableContent",
  429: "TooManyRequests",
};
