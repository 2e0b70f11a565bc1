import { contextValue } from "../http/context-value.js";
import type { Exchange } from "../http/exchange.js";
import { logContextValue } from "../http/log-context-value.js";
import type { AccessLogEntry } from "./access-log-entry.js";

export type AccessLogLine = (x: Exchange) => string;

/** The line of an answered request, with its line feed. A variable without a value is `-` (aws-behaviour.md section 30). */
export function accessLogLine({ kind, parts }: AccessLogEntry): AccessLogLine {
  const escaped = escapes[kind];
  return (x) => {
    let line = "";
    for (const part of parts) line += typeof part === "string" ? part : logged(x, part.context, escaped);
    return `${line}\n`;
  };
}

function logged(x: Exchange, name: string, escaped: (text: string) => string): string {
  const known = logContextValue(x, name) ?? contextValue(x, name);
  const value = name === "identity.apiKey" ? lastFour(known) : known;
  if (value === undefined || value === "") return "-";
  return ours.has(name) || plainForm.test(value) ? value : escaped(value);
}

/** Values of API keys are masked, as AWS masks them. */
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
