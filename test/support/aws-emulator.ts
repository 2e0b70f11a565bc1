import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readClaims, SigningKeys, verifySignature } from "../../runtime/auth/sigv4/index.js";

/** A call as the service saw it, its signature found right. */
export interface EmulatedCall {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names that the signature covers. */
  readonly signedHeaders: string;
  readonly body: Buffer;
}

export interface EmulatedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface AwsEmulator {
  readonly url: string;
  /** Credentials and address in the environment, as a user would set them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly calls: EmulatedCall[];
  /** Requests that were refused, with the reason. */
  readonly refused: string[];
  stop(): Promise<void>;
}

export const emulatorKey = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/**
 * AWS services in this process: every request's SigV4 signature is verified, from the bytes received, before it is
 * answered. Signatures for S3, whose paths are signed otherwise, are read and not computed.
 */
export async function startAwsEmulator(answer: (call: EmulatedCall) => EmulatedAnswer): Promise<AwsEmulator> {
  const calls: EmulatedCall[] = [];
  const refused: string[] = [];
  const keys = new SigningKeys();
  const server: Server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    try {
      const call = verified(request, body, keys);
      calls.push(call);
      const { status = 200, headers = { "Content-Type": "application/json" }, body: text = "{}" } = answer(call);
      response.writeHead(status, headers).end(text);
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
      response.writeHead(403).end(`{"message":${JSON.stringify(refused.at(-1))}}`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    environment: {
      AWS_ACCESS_KEY_ID: emulatorKey.accessKeyId,
      AWS_SECRET_ACCESS_KEY: emulatorKey.secretAccessKey,
      AWS_ENDPOINT_URL: url,
    },
    calls,
    refused,
    stop: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function verified(request: IncomingMessage, body: Buffer, keys: SigningKeys): EmulatedCall {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const signable = { method: request.method ?? "", path, query, headers: request.rawHeaders, body };
  const claims = readClaims(signable);
  const known = { ...emulatorKey, sessionToken: undefined, expiresAtMs: undefined };
  if (claims.service !== "s3") verifySignature(signable, claims, known, keys);
  return {
    service: claims.service,
    region: claims.region,
    accessKeyId: claims.accessKeyId,
    sessionToken: claims.sessionToken,
    method: signable.method,
    url: request.url ?? "",
    headers: request.headers as Record<string, string>,
    signedHeaders: claims.signedHeaders,
    body,
  };
}
