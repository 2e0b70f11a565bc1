import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AwsCredentials,
  checkClaims,
  checkSession,
  presignQuery,
  readClaims,
  type SignableRequest,
  SigningKeys,
  signRequest,
  verifySignature,
} from "../../runtime/auth/sigv4/index.js";
import type { VectorResult } from "./json-schema.js";

interface Context {
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string; readonly token?: string };
  readonly expiration_in_seconds: number;
  readonly normalize: boolean;
  readonly omit_session_token?: boolean;
  readonly region: string;
  readonly service: string;
  readonly sign_body?: boolean;
  readonly timestamp: string;
}

/**
 * AWS's signing suite, both ways: our signer makes the signatures, in headers and in the query, and our verifier takes the
 * signed requests. A path that is not normalised is S3's rule, which only the signer has: S3's requests are not ours.
 */
export function runSigV4Vectors(dir: string): VectorResult {
  const folder = join(dir, "cases");
  const failed: string[] = [];
  let passed = 0;
  for (const name of readdirSync(folder).sort()) {
    for (const [what, problem] of problemsOf(join(folder, name))) {
      if (problem === undefined) passed++;
      else failed.push(`${name} ${what}: ${problem}`);
    }
  }
  return { passed, failed, known: [] };
}

function problemsOf(folder: string): readonly (readonly [string, string | undefined])[] {
  const read = (file: string) => readFileSync(join(folder, file), "latin1");
  const context = JSON.parse(read("context.json")) as Context;
  const given = parseRequest(read("request.txt"));
  const results: (readonly [string, string | undefined])[] = [
    ["signs in headers", differs(headerSignature(given, context), read("header-signature.txt").trim())],
    ["signs in the query", differs(querySignature(given, context), read("query-signature.txt").trim())],
  ];
  if (!context.normalize) return results.map(([what, problem]) => [what, problem]);
  for (const form of ["header", "query"]) {
    const request = parseRequest(read(`${form}-signed-request.txt`));
    results.push([`accepts the ${form} form`, refusalOf(request, context)]);
    const changed = { ...request, method: request.method === "GET" ? "HEAD" : "PUT" };
    results.push([`refuses the ${form} form changed`, refusalOf(changed, context) ? undefined : "was accepted"]);
  }
  return results;
}

function differs(actual: string | undefined, wanted: string): string | undefined {
  return actual === wanted ? undefined : `${actual}, wanted ${wanted}`;
}

function optionsOf({ region, service, timestamp, normalize, sign_body = false }: Context) {
  const nowMs = Date.parse(timestamp);
  return { region, service, nowMs, normalizesPath: normalize, signsBodyHash: sign_body };
}

function headerSignature(request: SignableRequest, context: Context): string | undefined {
  const added = signRequest(request, signerOf(context), optionsOf(context));
  return /Signature=(.*)$/.exec(added.at(-1) ?? "")?.[1];
}

function querySignature(request: SignableRequest, context: Context): string | undefined {
  const options = { ...optionsOf(context), expiresSeconds: context.expiration_in_seconds };
  return /X-Amz-Signature=(.*)$/.exec(presignQuery(request, signerOf(context), options))?.[1];
}

/** A token that is added after signing is not signed. */
function signerOf({ credentials, omit_session_token }: Context): AwsCredentials {
  return {
    accessKeyId: credentials.access_key_id,
    secretAccessKey: credentials.secret_access_key,
    sessionToken: omit_session_token ? undefined : credentials.token,
  };
}

function refusalOf(request: SignableRequest, context: Context): string | undefined {
  const { access_key_id, secret_access_key, token } = context.credentials;
  const place = optionsOf(context);
  const known = {
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    sessionToken: token,
    expiresAtMs: undefined,
  };
  try {
    const claims = readClaims(request);
    checkClaims(claims, request.headers, place);
    checkSession(claims, known, place.nowMs);
    verifySignature(request, claims, known, new SigningKeys());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** One byte a character. A line that begins with a blank goes on the header before. */
function parseRequest(text: string): SignableRequest {
  const [head = "", body = ""] = text.split(/\r?\n\r?\n/, 2);
  const [first = "", ...lines] = head.split(/\r?\n/);
  const [, method = "", target = ""] = /^(\S+) (.*) HTTP\/1\.1$/.exec(first) ?? [];
  const headers: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line)) headers.push(`${headers.pop()}\n${line}`);
    else if (line !== "") headers.push(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1));
  }
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  return { method, path, query: mark === -1 ? "" : target.slice(mark + 1), headers, body };
}
