import { checkedImports, lazyImports } from "./lazy-imports.js";
import type { PythonFailure, PythonOperation, PythonPlan } from "./plan.js";
import { pythonString } from "./python-text.js";

/** `errors.py`: a class for each status, and one for each declared error of an operation. */
export function printErrors({ statuses, operations, isDataclass }: PythonPlan): string {
  const shared = statuses.map(
    (status) => `class Status${status}(ApiError):
    """Any operation was answered with ${status}."""

    @property
    def status(self) -> Literal[${status}]:
        return ${status}
`,
  );
  const own = operations.flatMap((operation) =>
    failuresOf(operation).map(({ name, status, body, codec }) => {
      const decoded = isDataclass && codec !== "c.RAW" ? `c.tolerant(${qualified(codec)}, self._body)` : "self._body";
      const value = body === "object" ? decoded : `cast(${pythonString(body)}, ${decoded})`;
      return `class ${name}(${status === undefined ? "ApiError" : `Status${status}`}):
    """\`${operation.method_}\` was answered with ${status ?? "a status that is not declared"}."""

    @property
    def body(self) -> ${body}:
        return ${value}
`;
    }),
  );
  const text = [...shared, ...own].join("\n\n");
  const failures = [
    "AccessDeniedMessage",
    "ApiError",
    "GatewayMessage",
    "GatewayResponse",
    "SdkError",
    "TransportError",
  ];
  const all = operations.flatMap(failuresOf);
  const typing = [
    ...(statuses.length > 0 ? ["Literal"] : []),
    ...(all.some(({ body }) => body !== "object") ? ["cast"] : []),
  ];
  const codecs = isDataclass && all.some(({ codec }) => codec !== "c.RAW");
  const lazy = lazyImports(
    codecs && all.some(({ codec }) => /_codec\b/.test(codec)) ? ["codecs"] : [],
    typing.join(", "),
  );
  const models = all.some(({ body }) => body.includes("models.")) ? ["models"] : [];
  const before =
    models.length > 0 && lazy.behind === ""
      ? `from typing import ${["TYPE_CHECKING", ...typing].join(", ")}\n\n`
      : lazy.before;
  return `"""Errors, by operation and status."""

from __future__ import annotations

${before}${codecs ? "from .runtime import codec as c\n" : ""}from .runtime.failures import ${failures.join(", ")}
${lazy.behind}${checkedImports(models)}
__all__ = [
${[...failures, ...statuses.map((status) => `Status${status}`), ...all.map(({ name }) => name)].map((name) => `    ${pythonString(name)},\n`).join("")}]
${text === "" ? "" : `\n\n${text}`}`;
}

function failuresOf({ failures, otherFailure }: PythonOperation): readonly PythonFailure[] {
  return otherFailure ? [...failures, otherFailure] : failures;
}

/** A codec of `codecs.py`, named from another module. */
export function qualified(codec: string): string {
  return codec.replace(/lambda: ([\p{ID_Continue}]+_codec)/gu, "lambda: codecs.$1");
}
