import type { ContextReader } from "../http/context-value.js";
import type { Exchange } from "../http/exchange.js";
import { logContextReader } from "../http/log-context-value.js";
import type { AccessLogEntry } from "./access-log-entry.js";
import { failureText } from "./failure-text.js";

export type AccessLogLine = (x: Exchange) => string;

/**
 * What makes the lines of answered requests, each with its line feed. A variable without a value is `-` (aws-behaviour.md
 * section 30). Which reader a variable has is found once, when a stage writes its first line.
 */
export function accessLogLine({ kind, parts }: AccessLogEntry): AccessLogLine {
  /** A text before each variable, and one behind the last. */
  const texts = [""];
  const values: ((x: Exchange) => string)[] = [];
  for (const part of parts) {
    if (typeof part === "string") texts[texts.length - 1] += part;
    else {
      values.push(loggedValue(part.context, escapes[kind]));
      texts.push("");
    }
  }
  texts[texts.length - 1] += "\n";
  return (x) => {
    let line = texts[0] as string;
    for (let at = 0; at < values.length; at++) line += (values[at] as (typeof values)[0])(x) + texts[at + 1];
    return line;
  };
}

function loggedValue(name: string, escaped: (text: string) => string): (x: Exchange) => string {
  const read = logContextReader(name);
  if (ours.has(name)) return (x) => read(x) || "-";
  return escapedValue(masked(name, read), escaped);
}

/** Values of API keys are masked, as AWS masks them, and what messages of failures quote. */
function masked(name: string, read: ContextReader): ContextReader {
  if (name === "identity.apiKey") return (x) => lastFour(read(x));
  if (!name.startsWith("error.")) return read;
  return (x) => {
    const text = read(x);
    return text && failureText(x, text);
  };
}

/** Paths of routes, methods and addresses are the same in request after request: the last one need not be looked at again. */
function escapedValue(read: ContextReader, escaped: (text: string) => string): (x: Exchange) => string {
  let last = "";
  let text = "-";
  return (x) => {
    const value = read(x) ?? "";
    if (value !== last) {
      last = value;
      text = value === "" ? "-" : plainForm.test(value) ? value : escaped(value);
    }
    return text;
  };
}

function lastFour(value: string | undefined): string | undefined {
  return value && `${"*".repeat(6)}${value.slice(-4)}`;
}

/** Variables that no client has a say in, and that are plain: looking at each costs as much as finding it. */
const ours: ReadonlySet<string> = new Set([
  "apiId",
  "deploymentId",
  "extendedRequestId",
  "integrationLatency",
  "protocol",
  "requestId",
  "requestTime",
  "requestTimeEpoch",
  "responseLatency",
  "responseLength",
  "stage",
  "status",
]);

const plainForm = /^[\w .:/+@=~,;()[\]{}$%*!?-]*$/;

const escapes: Readonly<Record<AccessLogEntry["kind"], (text: string) => string>> = {
  json: (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[\p{Cc}\u2028\u2029]/gu, unicode),
  xml: (text) => text.replace(/[&<>"'\p{Cc}]/gu, (character) => `&#${character.charCodeAt(0)};`),
  text: (text) => text.replace(/["\\\p{Cc}\u2028\u2029]/gu, (character) => simple(character) ?? unicode(character)),
};

function simple(character: string): string | undefined {
  return character === '"' || character === "\\" ? `\\${character}` : undefined;
}

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
