import { places } from "../mapping/expressions/index.js";
import { parseReference } from "../mapping/expressions/parse-reference.js";
import { acceptReference } from "../mapping/expressions/reader.js";
import { accessLogFormat, accessLogFormats, socketAccessLogFormat } from "../model/access-log-formats.js";
import type { TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** HTTP and WebSocket APIs take 3 KB (aws-behaviour.md section 33; developer guide, quotas of WebSocket APIs). */
const longest = 3072;

/**
 * The format of an access log: a text with `$context` variables, or the name of one of AWS's (aws-behaviour.md section 30).
 *
 * @returns the text, of a named one too
 */
export function checkAccessLog(format: TextValue | undefined, checking: Checking): string | undefined {
  if (format === undefined) return undefined;
  const { kind, report } = checking;
  const named = accessLogFormats.find((name) => name === format.text);
  if (named !== undefined) return accessLogFormat(named, kind);
  if (!/\$context\.(?:requestId|extendedRequestId)\b/.test(format.text)) report("log-without-id", format.span, {});
  const length = Buffer.byteLength(format.text);
  const where = kind === "http" ? "HTTP" : checking.syntax.websocket ? "WebSocket" : undefined;
  if (where !== undefined && length > longest) report("log-too-long", format.span, { length, most: longest, where });
  const place = kind === "http" ? { ...places.accessLog, context: "http" as const } : places.accessLog;
  for (const match of format.text.matchAll(/\$(?=[A-Za-z_])/g)) {
    const parsed = parseReference(format.text, match.index + 1);
    acceptReference(parsed, format, { place, report }, 1);
  }
  return format.text;
}

/** The format for the WebSocket API beside: the named ones show other variables there. Mistakes have been reported. */
export function socketAccessLog(
  format: TextValue | undefined,
  { syntax }: Pick<Checking, "syntax">,
): string | undefined {
  if (format === undefined || syntax.websocket === undefined) return undefined;
  const named = accessLogFormats.find((name) => name === format.text);
  return named === undefined ? format.text : socketAccessLogFormat(named);
}
