import { lazyImports } from "./lazy-imports.js";
import type { PythonOperation, PythonPlan } from "./plan.js";
import { qualified } from "./print-errors.js";
import { dictText, pythonString, tupleText } from "./python-text.js";

/** `ops.py`: what is known of each call. */
export function printOperations({ operations, isDataclass }: PythonPlan): string {
  const lines = operations.map((operation) => operationText(operation, isDataclass));
  const text = lines.join("\n");
  const codecs = operations.flatMap(({ encoder, decoders, otherDecoders, pages }) => [
    encoder ?? "c.RAW",
    ...[...decoders, ...otherDecoders].map(({ codec }) => codec),
    isDataclass ? (pages?.item.codec ?? "c.RAW") : "c.RAW",
  ]);
  const modules = [
    ...(codecs.some((codec) => /_codec\b/.test(codec)) ? ["codecs"] : []),
    ...(operations.some(({ errors, otherFailure }) => errors.length > 0 || otherFailure) ? ["errors"] : []),
  ];
  const lazy = lazyImports(modules, "");
  const names = ["Operation", ...(operations.some(({ pagination }) => pagination) ? ["Pages"] : [])];
  return `"""The operations of the API, as the runtime needs to know them."""

from __future__ import annotations

${lazy.before}${codecs.some((codec) => codec !== "c.RAW") ? "from .runtime import codec as c\n" : ""}${operations.length > 0 ? `from .runtime.core import ${names.join(", ")}\n` : ""}${lazy.behind}
${text}`;
}

function operationText(operation: PythonOperation, isDataclass: boolean): string {
  const { input, path, credentials, binaryStatuses, pagination, body } = operation;
  const argument = (where: string, wire: string) =>
    input.find((member) => member.in === where && member.wireName === wire)?.name ?? wire;
  const table = (where: "query" | "header") =>
    dictText(
      input
        .filter((member) => member.in === where)
        .map(({ name, wireName }) => [pythonString(name), pythonString(wireName)]),
    );
  const segments = path.map((segment) =>
    segment.kind === "static"
      ? tupleText(['"static"', pythonString(segment.text)])
      : tupleText([pythonString(segment.kind), pythonString(argument("path", segment.name))]),
  );
  const statuses = operation.errors.map(({ status }): [string, string] => [
    String(status),
    `errors.${operation.failures.find((failure) => failure.status === status)?.name ?? `Status${status}`}`,
  ]);
  const members: readonly (readonly [string, string | undefined])[] = [
    ["name", pythonString(operation.operation)],
    ["method", operation.method === undefined ? "None" : pythonString(operation.method)],
    ["path", tupleText(segments)],
    ["query", unless(table("query"), "{}")],
    ["headers", unless(table("header"), "{}")],
    ["accept", operation.accept === "application/json" ? undefined : pythonString(operation.accept)],
    ["encoding", body && pythonString(body.encoding)],
    ["content_type", body?.contentType === undefined ? undefined : pythonString(body.contentType)],
    ["binary", binaryStatuses.length > 0 ? tupleText(binaryStatuses.map(String)) : undefined],
    [
      "binary_types",
      operation.binaryTypes.length > 0
        ? tupleText(operation.binaryTypes.map(([status, type]) => placeText(status, type)))
        : undefined,
    ],
    ["redirects", operation.hasRedirects ? "True" : undefined],
    [
      "auth",
      credentials.length > 0
        ? tupleText(
            credentials.map(({ name, place, key, authorizer }) =>
              tupleText(
                [name, place, key]
                  .map(pythonString)
                  .concat(authorizer === undefined ? "None" : pythonString(authorizer)),
              ),
            ),
          )
        : undefined,
    ],
    ["iam", operation.isSigned ? "True" : undefined],
    ["new_key", operation.hasIdempotencyKey ? "True" : undefined],
    ["errors", statuses.length > 0 ? `lambda: ${dictText(statuses)}` : undefined],
    ["other", operation.otherFailure && `lambda: errors.${operation.otherFailure.name}`],
    [
      "pages",
      pagination &&
        `Pages(${pythonString(argument("query", pagination.cursor))}, ${
          pagination.next.in === "body"
            ? `${tupleText(pagination.next.path.map(pythonString))}, None`
            : `None, ${pythonString(pagination.next.name)}`
        }, ${tupleText(pagination.items.map(pythonString))})`,
    ],
    [
      "pages_items",
      isDataclass && operation.pages && operation.pages.item.codec !== "c.RAW"
        ? `${qualified(operation.pages.item.codec)}.decode`
        : undefined,
    ],
    ["encode", operation.encoder && `${qualified(operation.encoder)}.encode`],
    [
      "decode",
      operation.decoders.length > 0
        ? dictText(operation.decoders.map(({ status, codec }) => [String(status), `${qualified(codec)}.decode`]))
        : undefined,
    ],
    [
      "decode_as",
      operation.otherDecoders.length > 0
        ? dictText(
            operation.otherDecoders.map(({ status, mediaType, codec }) => [
              placeText(status, mediaType),
              `${qualified(codec)}.decode`,
            ]),
          )
        : undefined,
    ],
  ];
  const given = members.flatMap(([name, value]) => (value === undefined ? [] : [`    ${name}=${value},\n`]));
  return `${operation.constant} = Operation(\n${given.join("")})\n`;
}

/** A status and a media type, as answers are looked up. */
const placeText = (status: number, mediaType: string) =>
  tupleText([String(status), pythonString(mediaType.toLowerCase())]);

function unless(text: string, empty: string): string | undefined {
  return text === empty ? undefined : text;
}
