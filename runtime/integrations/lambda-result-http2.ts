import type { Exchange } from "../http/exchange.js";
import { badLambdaResult } from "./failures.js";
import {
  decoded,
  headerList,
  httpHeaders,
  isJsonObject,
  type JsonObject,
  malformed,
  readBody,
  readFlag,
  readMap,
  readStatus,
} from "./lambda-result.js";
import { headerValue } from "./response-headers.js";

/**
 * Answers an HTTP API with a result in format 2.0 (aws-behaviour.md 9.4). A result without `statusCode` is itself the
 * body of a 200: a string as it is, all else as JSON.
 */
export function answerHttp2Result(x: Exchange, result: unknown): true {
  if (!isJsonObject(result) || result["statusCode"] === undefined) return answerInferred(x, result);
  const status = readStatus(x, result["statusCode"]);
  if (status === undefined) throw malformed(x, "statusCode is null");
  const headers = headerList(
    x,
    { headers: readMap(x, result["headers"], "headers"), multiValueHeaders: undefined },
    httpHeaders,
  );
  for (const cookie of readCookies(x, result)) headers.push("Set-Cookie", cookie);
  const body = readBody(x, result["body"]);
  return x.answer(status, headers, readFlag(x, result["isBase64Encoded"]) ? decoded(body) : body);
}

function answerInferred(x: Exchange, result: unknown): true {
  const body = typeof result === "string" ? result : jsonText(x, result);
  return x.answer(200, ["Content-Type", "application/json"], body);
}

/** A result that is no JSON (a cycle, a BigInt) is a function error, as in Lambda's own runtime. */
function jsonText(x: Exchange, result: unknown): string {
  try {
    return JSON.stringify(result) ?? "null";
  } catch (error) {
    throw badLambdaResult(x, `Runtime.MarshalError: ${error instanceof Error ? error.message : ""}`);
  }
}

function readCookies(x: Exchange, result: JsonObject): readonly string[] {
  const { cookies } = result;
  if (cookies === undefined || cookies === null) return [];
  if (!Array.isArray(cookies)) throw malformed(x, "cookies is no list");
  return cookies.map((cookie: unknown) => {
    const value = typeof cookie === "string" ? headerValue(cookie) : undefined;
    if (value === undefined) throw malformed(x, "a cookie");
    return value;
  });
}
