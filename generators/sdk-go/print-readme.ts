import { loadTemplate } from "../emit/text-template.js";
import { brokenBlocks, routeComment } from "../sdk-shared/broken-lines.js";
import { cell, inline, paragraph } from "../sdk-shared/markdown.js";
import { goString } from "./go-text.js";
import type { GoPlan } from "./plan.js";
import { resultType } from "./print-operations.js";
import { socketReadme } from "./readme-socket.js";
import { goCall } from "./sample.js";

/** `README.md`: the calls that a user makes first, errors, credentials, and a list of all operations. */
export async function printReadme(plan: GoPlan): Promise<string> {
  const render = await loadTemplate(new URL("readme.hbs", import.meta.url));
  const { package: name } = plan;
  const failing = plan.operations.find(({ failures }) =>
    failures.some(({ type }) => plan.declarations.some((entry) => entry.name === type)),
  );
  const failure = failing?.failures.find(({ type }) => plan.declarations.some((entry) => entry.name === type));
  const streaming = plan.operations.find(({ events }) => events);
  const paged = plan.operations.find(({ pages }) => pages);
  // Those of the WebSocket API alone stand there.
  const called = new Set(plan.operations.flatMap(({ credentials }) => credentials.map((entry) => entry.name)));
  const options = [
    ...(plan.stages[0] ? [`${name}.WithStage(${name}.${plan.stages[0].name})`] : []),
    ...plan.credentials
      .filter((entry) => called.has(entry.name))
      .map(({ option }) => `${name}.${option}(${name}.Static(secret))`),
  ];
  const calls = plan.operations
    .slice(0, 5)
    .map(
      (operation, index) =>
        `${routeComment(operation.route, "//")}${resultType(operation.result) === "" ? "err = " : `answer${index + 1}, err := `}${goCall(operation, plan)}`,
    );
  const text = render({
    module: plan.module,
    package: name,
    title: inline(plan.title),
    version: inline(plan.version),
    license: inline(plan.settings.license ?? ""),
    description: plan.description === undefined ? "" : paragraph(plan.description),
    options: options.join(", "),
    calls,
    imports: importText(plan.module, calls),
    error:
      failing && failure
        ? {
            call: goCall(failing, plan),
            assign: resultType(failing.result) === "" ? "err := " : "_, err := ",
            type: failure.type,
            byStatus: errorTypes[failure.status] ?? (failure.status >= 500 ? "ServerError" : "APIError"),
          }
        : undefined,
    events: streaming ? goCall(streaming, plan, streaming.events) : "",
    pages: paged ? goCall(paged, plan, paged.pages?.items) : "",
    stages: plan.stages.map((stage) => ({ name: stage.name, url: cell(stage.url) })),
    credentials: [
      ...plan.credentials.map(({ option, uses }) => ({
        name: option,
        place: [
          ...new Set(
            uses.map(({ place, key }) => `${place === "query" ? "query parameter" : "header"} \`${cell(key)}\``),
          ),
        ].join(", "),
      })),
      ...(plan.isSigned ? [{ name: "WithIAM", place: "`Authorization`, by `SigV4{Region: …, Credentials: …}`" }] : []),
    ],
    hasCognito: plan.needs.hasCognito,
    socket: socketReadme(plan),
    operations: plan.operations.map(({ goMethod, route, summary, description }) => ({
      method: goMethod,
      route: cell(route),
      about: cell(summary ?? description ?? ""),
    })),
  });
  return brokenBlocks(text, "go");
}

/** What the calls need besides the package. */
function importText(module: string, calls: readonly string[]): string {
  const path = goString(module);
  return calls.some((call) => /\btime\./.test(call)) ? `import (\n\t"time"\n\n\t${path}\n)` : `import ${path}`;
}

/** Types of the runtime's errors by status, as `errors.go` has them. */
const errorTypes: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  401: "UnauthorizedError",
  402: "PaymentRequiredError",
  403: "ForbiddenError",
  404: "NotFoundError",
  409: "ConflictError",
  410: "GoneError",
  412: "PreconditionFailedError",
  413: "ContentTooLargeError",
  415: "UnsupportedMediaTypeError",
  422: "UnprocessableContentError",
  429: "TooManyRequestsError",
};
