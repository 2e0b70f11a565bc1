import { checkedImports } from "./lazy-imports.js";
import type { PythonOperation, PythonPlan } from "./plan.js";
import { credentialArguments } from "./python-names.js";
import { docstring, pythonString } from "./python-text.js";

/** `stages.py`: where the API is. */
export function printStages(plan: PythonPlan): string {
  return `"""The API's stages and their addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Stage = Literal[${plan.baseUrls.map(({ stage }) => pythonString(stage)).join(", ")}]
"""A stage of the API."""

BASE_URLS: Mapping[str, str] = {
${plan.baseUrls.map(({ stage, url }) => `    ${pythonString(stage)}: ${pythonString(url)},\n`).join("")}}
"""Where the stages are unless a client is told otherwise; the first is the default."""

USER_AGENT = ${pythonString(`${plan.distribution}/${plan.packageVersion}`)}
"""What clients say that they are; firewalls refuse who says nothing."""


def aws_url(api_id: str, stage: Stage = ${firstStage(plan)}, region: str = ${pythonString(plan.region)}) -> str:
    """Where API Gateway serves a stage."""
    suffix = ".cn" if region.startswith("cn-") else ""
    path = {"$default": ""}.get(stage, stage)
    return f"https://{api_id}.execute-api.{region}.amazonaws.com{suffix}/{path}"
`;
}

/** `client.py` and `async_client.py`: a class that waits and a class that is awaited, with the same methods. */
export function printClient(plan: PythonPlan, isAsync: boolean): string {
  const streams = plan.operations.some(({ stream, events, pages }) => stream ?? events ?? pages);
  const prefix = isAsync ? "Async" : "";
  const collections = [...(streams ? [`${prefix}Iterator`] : []), "Mapping", "Sequence"];
  const types = [
    ...(isAsync ? ["AsyncCredential", "AsyncMiddleware", "AsyncTransport"] : []),
    "Body",
    "CallOptions",
    ...(isAsync ? [] : ["Credential", "Middleware", "Transport"]),
  ];
  const annotations = plan.operations.flatMap(({ input, result, pages, alternatives }) => [
    ...alternatives.map((other) => other.result),
    ...input.map(({ annotation }) => annotation),
    result,
    pages?.item.type ?? "",
  ]);
  const hasEvents = plan.operations.some(({ events }) => events !== undefined);
  const models = annotations.some((annotation) => /\bmodels\./.test(annotation)) ? ["models"] : [];
  const usesTimes = annotations.some((annotation) => /\bdatetime\.date/.test(annotation));
  const accepts = plan.operations.some(({ alternatives }) => alternatives.length > 0);
  const literals = accepts || annotations.some((annotation) => annotation.includes("Literal["));
  const casts = plan.operations.some(
    ({ result, pages, alternatives }) =>
      (alternatives.length === 0 && !["None", "object"].includes(result)) || (pages && pages.item.type !== "object"),
  );
  const shadowed = plan.operations.flatMap((operation) => shadowedTypes(operation));
  const typing = [
    ...(models.length > 0 || hasEvents ? ["TYPE_CHECKING"] : []),
    ...(literals ? ["Literal"] : []),
    "TypedDict",
    ...(accepts ? ["overload"] : []),
    ...(shadowed.length > 0 ? ["TypeAlias"] : []),
    ...(casts ? ["cast"] : []),
  ];
  const runtime = isAsync ? "from .runtime.async_client import AsyncClient\n" : "";
  return `"""The API's operations as methods${isAsync ? ", to be awaited" : ""}."""

from __future__ import annotations

${usesTimes ? "import datetime\n" : ""}from collections.abc import ${collections.join(", ")}
from typing import ${typing.join(", ")}

${plan.operations.length > 0 ? "from . import ops\n" : ""}${runtime}from .runtime.core import Settings${accepts ? ", accepting" : ""}
${plan.isSigned ? "from .runtime.sigv4 import SigV4\n" : ""}${isAsync ? "" : "from .runtime.sync_client import SyncClient\n"}from .runtime.types import ${types.filter((name) => isUsed(name, plan)).join(", ")}
from .stages import BASE_URLS, USER_AGENT, Stage
${checkedImports(models, hasEvents ? ["from .runtime.events import ServerEvent"] : [])}

${shadowed.map(({ alias, type }) => `${alias}: TypeAlias = ${pythonString(type)}\n`).join("")}${shadowed.length > 0 ? "\n\n" : ""}${credentialTypes(plan, isAsync)}

${classText(plan, isAsync)}`;
}

/** Credentials and bodies are not in each API; texts of the file may hold any word. */
function isUsed(name: string, plan: PythonPlan): boolean {
  if (name === "Body") return plan.operations.some(({ input }) => input.some(({ type }) => type === "bytes"));
  return !name.endsWith("Credential") || plan.credentials.length > 0;
}

function firstStage({ baseUrls }: PythonPlan): string {
  return pythonString(baseUrls[0]?.stage ?? "");
}

/** Credentials of the API by the names that callers use. */
function credentialNames({ credentials }: PythonPlan): readonly (readonly [string, string])[] {
  return [...credentialArguments(credentials.map(({ name }) => name))];
}

function credentialTypes(plan: PythonPlan, isAsync: boolean): string {
  const prefix = isAsync ? "Async" : "";
  const lines = [
    ...credentialNames(plan).map(([, name]) => `    ${name}: ${prefix}Credential\n`),
    ...(plan.isSigned ? ["    iam: SigV4\n"] : []),
  ];
  return `class ${prefix}Auth(TypedDict, total=False):
    """Credentials, each sent with the operations that need it and with no other."""
${lines.length === 0 ? "" : `\n${lines.join("")}`}`;
}

function classText(plan: PythonPlan, isAsync: boolean): string {
  const name = isAsync ? `Async${plan.client}` : plan.client;
  const prefix = isAsync ? "Async" : "";
  const credentials = credentialNames(plan).map(
    ([key, argument]) => `${pythonString(key)}: given.get(${pythonString(argument)})`,
  );
  const hasAuth = credentials.length > 0 || plan.isSigned;
  return `class ${name}(${isAsync ? "AsyncClient" : "SyncClient"}):
${docstring(`${plan.title} ${plan.version}.${plan.description ? `\n\n${plan.description}` : ""}`, "    ")}
    def __init__(
        self,
        *,
        stage: Stage = ${firstStage(plan)},
        base_url: str | None = None,
        auth: ${prefix}Auth | None = None,
        headers: Mapping[str, str] | None = None,
        retries: int = 2,
        timeout: float = 30.0,
        total_timeout: float | None = None,
        retry_delay: float = 0.25,
        max_retry_delay: float = 20.0,
        middleware: Sequence[${prefix}Middleware] = (),
        transport: ${prefix}Transport | None = None,
    ) -> None:
        """A connection to one stage. Times are seconds; \`timeout\` is that of one attempt."""
${hasAuth ? `        given: ${prefix}Auth = auth or {}\n` : ""}        settings = Settings(
            (base_url or BASE_URLS[stage]).rstrip("/"),
            {"user-agent": USER_AGENT, **(headers or {})},
            retries,
            timeout,
            total_timeout,
            retry_delay,
            max_retry_delay,
        )
        super().__init__(
            settings,
            {${credentials.join(", ")}},
            ${plan.isSigned ? 'given.get("iam")' : "None"},
            middleware,
            transport,
        )

    ${isAsync ? "async " : ""}def __${isAsync ? "a" : ""}enter__(self) -> ${name}:
        return self

    ${isAsync ? "async " : ""}def __${isAsync ? "a" : ""}exit__(self, *_: object) -> None:
        ${isAsync ? "await " : ""}self.close()
${plan.operations.map((operation) => methodsText(operation, isAsync)).join("")}`;
}

/**
 * Types of results that say a word which an argument of the method hides, such as one called `models`, by names that no
 * argument has.
 */
function shadowedTypes({ constant, input, result, pages }: PythonOperation): readonly Shadowed[] {
  const names = new Set(input.map(({ name }) => name));
  const isShadowed = (type: string) => type.split(/[^\p{ID_Continue}]+/u).some((word) => names.has(word));
  return [
    { alias: `_RESULT_${constant}`, type: result },
    ...(pages ? [{ alias: `_ITEM_${constant}`, type: pages.item.type }] : []),
  ].filter(({ type }) => isShadowed(type));
}

interface Shadowed {
  readonly alias: string;
  readonly type: string;
}

function castText(type: string, value: string, operation: PythonOperation): string {
  const shadowed = shadowedTypes(operation).find((entry) => entry.type === type);
  return type === "object" ? value : `cast(${pythonString(shadowed?.alias ?? type)}, ${value})`;
}

function methodsText(operation: PythonOperation, isAsync: boolean): string {
  const { method_, constant, result, stream, events, pages } = operation;
  const about = [
    operation.summary,
    operation.description,
    `\`${operation.route}\``,
    operation.deprecated ? "Deprecated." : undefined,
  ];
  const docs = docstring(about.filter((part) => part !== undefined && part !== "").join("\n\n"), "        ");
  const isChosen = operation.alternatives.length > 0;
  const given = isChosen ? "accepting(accept, options)" : "options";
  const call = `${isAsync ? "await " : ""}self._call(ops.${constant}, ${argumentsText(operation)}, ${given})`;
  const whole = isChosen ? overloadsText(operation, isAsync, `${docs}        return ${call}\n`) : undefined;
  const value = result === "None" ? `        ${call}\n` : `        return ${castText(result, call, operation)}\n`;
  const iterator = isAsync ? "AsyncIterator" : "Iterator";
  const async = isAsync ? "async " : "";
  const method =
    whole ??
    `
    ${async}def ${method_}(
        self,
${signature(operation)}    ) -> ${result}:
${docs}${value}`;
  return `${method}${
    stream === undefined
      ? ""
      : `
    def ${stream}(
        self,
${signature(operation)}    ) -> ${iterator}[bytes]:
        """\`${method_}\` with the body of a success as it arrives, not decoded."""
        return self._stream(ops.${constant}, ${argumentsText(operation)}, options)
`
  }${
    events === undefined
      ? ""
      : `
    def ${events}(
        self,
${signature(operation)}    ) -> ${iterator}[ServerEvent]:
        """The server-sent events of \`${method_}\`, which is called again with \`Last-Event-ID\` where the stream ends, until it is 204 or an error."""
        return self._events(ops.${constant}, ${argumentsText(operation)}, options)
`
  }${
    pages === undefined
      ? ""
      : `
    ${async}def ${pages.pages}(
        self,
${signature(operation)}    ) -> ${iterator}[${result}]:
        """The pages of \`${method_}\`, one call after the other."""
        ${async}for _answer in self._pages(ops.${constant}, ${argumentsText(operation)}, options):
            yield ${castText(result, "_answer.body", operation)}

    ${async}def ${pages.items}(
        self,
${signature(operation)}    ) -> ${iterator}[${pages.item.type}]:
        """What \`${method_}\` lists, page by page."""
        ${async}for _item in self._items(ops.${constant}, ${argumentsText(operation)}, options):
            yield ${castText(pages.item.type, "_item", operation)}
`
  }`;
}

/** A method whose result is of the media type that it is asked for: by name, or the first one. */
function overloadsText(operation: PythonOperation, isAsync: boolean, body: string): string {
  const { method_, result, alternatives } = operation;
  const head = `    ${isAsync ? "async " : ""}def ${method_}(\n        self,\n`;
  const declared = [
    { accept: "None = None", result },
    ...alternatives.map((other) => ({ accept: `Literal[${pythonString(other.mediaType)}]`, result: other.result })),
  ];
  const overloads = declared.map(
    (one) => `
    @overload
${head}${signature(operation, one.accept)}    ) -> ${one.result}: ...
`,
  );
  return `${overloads.join("")}
${head}${signature(operation, "str | None = None")}    ) -> object:
${body}`;
}

/**
 * Required arguments first, all by name.
 *
 * @param accept  type of the argument that names a media type; undefined: there is none
 */
function signature({ input }: PythonOperation, accept?: string): string {
  const ordered = [...input.filter(({ required }) => required), ...input.filter(({ required }) => !required)];
  const lines = ordered.map(({ name, annotation, required }) => {
    const optional = annotation.endsWith("| None") ? annotation : `${annotation} | None`;
    return `        ${name}: ${required ? annotation : `${optional} = None`},\n`;
  });
  return `        *,\n${lines.join("")}${accept === undefined ? "" : `        accept: ${accept},\n`}        options: CallOptions | None = None,\n`;
}

function argumentsText({ input }: PythonOperation): string {
  return `{${input.map(({ name }) => `${pythonString(name)}: ${name}`).join(", ")}}`;
}
