import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sdkGo } from "../../generators/sdk-go/index.js";
import { sdkJava } from "../../generators/sdk-java/index.js";
import { sdkPython } from "../../generators/sdk-python/index.js";
import { sdkTypescript } from "../../generators/sdk-typescript/index.js";
import { httpResponses, restResponses } from "../../runtime/http/gateway-error-table.js";
import type { Generator } from "../../src/model/output.js";
import { go, goEnvironment, isWithoutGo } from "../generators/sdk-go/go.js";
import { isWithoutJava } from "../generators/sdk-java/java.js";
import { isSkipped, python } from "../generators/sdk-python/python.js";
import { modelOf } from "../support/diagnose.js";

/** An answer, and which of API Gateway's own it is to a client. */
interface Case {
  readonly status: number;
  readonly errorType: string;
  readonly body: string;
  readonly seen: string;
}

const message = (text: string | null) => JSON.stringify({ message: text });
const builtIn = Object.entries(restResponses)
  .filter(([type]) => type !== "REQUEST_URI_TOO_LONG")
  .map(([type, { status, errorType, message: text }]): [string, Case] => [
    type,
    { status, errorType, body: message(text), seen: type },
  ]);
const http = httpResponses.THROTTLED;
const cases: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(builtIn),
  // API Gateway's answers that look the same.
  WAF_FILTERED: { status: 403, errorType: "ForbiddenException", body: message("Forbidden"), seen: "INVALID_API_KEY" },
  API_CONFIGURATION_ERROR: {
    status: 500,
    errorType: "InternalServerErrorException",
    body: message("Internal server error"),
    seen: "DEFAULT_5XX",
  },
  firewall: { status: 403, errorType: "WafFilteredException", body: message("Forbidden"), seen: "WAF_FILTERED" },
  incomplete: { status: 403, errorType: "IncompleteSignatureException", body: message("x"), seen: "INVALID_SIGNATURE" },
  customised: { status: 503, errorType: "TooManyRequestsException", body: "later", seen: "THROTTLED" },
  "customised-body": { status: 400, errorType: "BadRequestException", body: '{"code":7}', seen: "DEFAULT_4XX" },
  "with-address": { status: 429, errorType: "LimitExceededException:http://x/", body: "", seen: "QUOTA_EXCEEDED" },
  "http-api": { status: 429, errorType: "", body: message(http.message), seen: "THROTTLED" },
  "of-a-function": { status: 429, errorType: "", body: message("Slow down"), seen: "none" },
  "of-another-service": { status: 400, errorType: "ValidationException", body: message("x"), seen: "none" },
};

/** Which the client is asked to try again, by what it got. */
const isTriedAgain = ({ status, seen }: Case) => seen !== "QUOTA_EXCEEDED" && (status === 429 || status >= 500);

const gateway = `gateway: own
sdk: { typescript: own, python: own, go: own, java: own }
routes:
  GET /answers/{name}: { operation: answer, mock: {} }
`;

const typescriptProgram = `import { answer, createClient, gatewayAnswer } from "./index.js";
const [baseUrl, ...names] = process.argv.slice(2);
const client = createClient({ baseUrl, retries: 1, retryDelayMs: 1, maxRetryDelayMs: 1 });
for (const name of names)
  await answer(client, { name }).catch((error) => console.log(name, gatewayAnswer(error) ?? "none", error.attempts));
`;

const pythonProgram = `import sys
import own
api = own.Own(base_url=sys.argv[1], retries=1, retry_delay=0.001, max_retry_delay=0.001)
for name in sys.argv[2:]:
    try:
        api.answer(name=name)
    except own.errors.ApiError as error:
        kind: own.errors.GatewayResponse | None = error.gateway
        print(name, kind or "none", error.attempts)
`;

const goProgram = `package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"own"
)

func main() {
	api := own.New(own.WithBaseURL(os.Args[1]), own.WithRetries(1), own.WithRetryDelay(time.Millisecond, time.Millisecond))
	for _, name := range os.Args[2:] {
		_, err := api.Answer(context.Background(), own.AnswerParams{Name: name})
		var failed *own.APIError
		if !errors.As(err, &failed) {
			panic(err)
		}
		kind := failed.Gateway()
		if kind == "" {
			kind = "none"
		}
		fmt.Println(name, kind, failed.Attempts)
	}
}
`;

const javaProgram = `package own;

import java.time.Duration;
import java.util.Arrays;

public class Program {
    public static void main(String[] args) {
        OwnClient api = OwnClient.builder().baseUrl(args[0]).retries(1).retryDelay(Duration.ofMillis(1), Duration.ofMillis(1)).build();
        for (String name : Arrays.asList(args).subList(1, args.length)) {
            try {
                api.answer(new AnswerRequest(name));
            } catch (ApiException error) {
                System.out.println(name + " " + error.gateway().map(Enum::name).orElse("none") + " " + error.attempts());
            }
        }
    }
}
`;

describe("which of API Gateway's own answers an error is", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-own-answers-"));
  const server = createServer(({ url = "" }, response) => {
    const { status, errorType, body } = cases[decodeURIComponent(url.split("/").at(-1) ?? "")] ?? cases["firewall"]!;
    if (errorType !== "") response.setHeader("x-amzn-ErrorType", errorType);
    response.setHeader("Content-Type", body.startsWith("{") ? "application/json" : "text/plain");
    response.writeHead(status).end(body);
  });
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const expected = Object.entries(cases).map(([name, at]) => `${name} ${at.seen} ${isTriedAgain(at) ? 2 : 1}`);

  async function write(generator: Generator, to: string): Promise<void> {
    const files = await generator.generate(await modelOf(gateway), { projectDir: folder, outDir: folder });
    for (const { path, content } of files) put(join(to, path), content);
  }

  function put(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  async function lines(
    program: string,
    args: readonly string[],
    env: typeof goEnvironment,
  ): Promise<readonly string[]> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await promisify(execFile)(program, [...args, url, ...Object.keys(cases)], { env });
    return stdout.trim().split("\n");
  }

  test("TypeScript", async () => {
    await write(sdkTypescript, join(folder, "typescript"));
    put(join(folder, "typescript/program.js"), typescriptProgram);
    expect(await lines(process.execPath, [join(folder, "typescript/program.js")], process.env)).toEqual(expected);
  });

  test("Python", { timeout: 60_000 }, async () => {
    if (isSkipped() || python === undefined) return;
    await write(sdkPython, join(folder, "python"));
    put(join(folder, "python/src/program.py"), pythonProgram);
    expect(await lines(python, [join(folder, "python/src/program.py")], process.env)).toEqual(expected);
  });

  test("Go", { timeout: 120_000 }, async () => {
    if (isWithoutGo() || go === undefined) return;
    await write(sdkGo, join(folder, "go"));
    put(join(folder, "runner/main.go"), goProgram);
    const needs = "require own v0.0.0\n\nreplace own => ../go\n";
    put(join(folder, "runner/go.mod"), `module runner\n\ngo 1.23\n\n${needs}`);
    expect(await lines(go, ["run", "-C", join(folder, "runner"), "."], goEnvironment)).toEqual(expected);
  });

  test("Java", { timeout: 120_000 }, async () => {
    if (isWithoutJava()) return;
    await write(sdkJava, join(folder, "java"));
    const [sources, out] = [join(folder, "java/src/main/java/own"), join(folder, "java-out")];
    put(join(sources, "Program.java"), javaProgram);
    const files = readdirSync(sources).map((name) => join(sources, name));
    execFileSync("javac", ["--release", "17", "-Xlint:all", "-Werror", "-encoding", "UTF-8", "-d", out, ...files]);
    expect(await lines("java", ["-cp", out, "own.Program"], process.env)).toEqual(expected);
  });
});
