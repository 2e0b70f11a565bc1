import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { go, goEnvironment, isWithoutGo } from "../../generators/sdk-go/go.js";
import { isWithoutJava } from "../../generators/sdk-java/java.js";
import { buildFixture } from "../../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../../support/gateway-process.js";
import { root } from "../../support/paths.js";

const file = `gateway: live
version: 1.0.0
aws: { region: eu-west-1, account: "111122223333" }
sdk: { go: live, java: live }
routes:
  GET /health: { mock: { ok: true } }
websocket:
  auth: iam
  routes:
    $connect: { mock: { ok: true } }
    who: { mock: { user: $context.identity.userArn }, reply: "{ user: string }" }
`;

/** With the keys and without them, each by headers and by a signed address. */
const goProgram = `package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"live"
)

func main() {
	for _, secret := range []string{"ann's secret", "not hers"} {
		keys := live.StaticAWS(live.AWSCredentials{AccessKeyID: "AKIAANN", SecretAccessKey: secret})
		signer := live.SigV4{Region: "eu-west-1", Credentials: keys}
		address, err := signer.Presign(context.Background(), os.Args[1]+"?q=a%20b")
		if err != nil {
			panic(err)
		}
		try(live.WithSocketURL(os.Args[1]), live.WithSocketQuery("q", "a b/ü"), live.WithIAM(signer))
		try(live.WithSocketURL(address))
	}
}

func try(options ...live.SocketOption) {
	socket := live.NewSocket(options...)
	defer socket.Close()
	var refused *live.SocketError
	if err := socket.Connect(context.Background()); errors.As(err, &refused) {
		fmt.Println(refused.Kind, refused.Status)
		return
	}
	reply, err := socket.RequestWho(context.Background(), nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(reply.User)
}
`;

const javaProgram = `package live;

import java.net.URI;

public class Main {
    public static void main(String[] args) {
        for (String secret : new String[] {"ann's secret", "not hers"}) {
            SigV4 signer = new SigV4("eu-west-1", () -> new AwsCredentials("AKIAANN", secret));
            attempt(LiveSocket.builder().url(args[0]).query("q", "a b/\\u00fc").iam(signer));
            attempt(LiveSocket.builder().url(signer.presign(URI.create(args[0] + "?q=a%20b")).toString()));
        }
    }

    private static void attempt(LiveSocket.Builder settings) {
        try (LiveSocket socket = settings.build()) {
            socket.connect().join();
            System.out.println(socket.requestWho(null).join().user());
        } catch (java.util.concurrent.CompletionException error) {
            SocketException refused = (SocketException) error.getCause();
            System.out.println(refused.kind().name().toLowerCase() + " " + refused.status());
        }
    }
}
`;

const wanted = [
  "arn:aws:iam::111122223333:user/ann",
  "arn:aws:iam::111122223333:user/ann",
  "refused 403",
  "refused 403",
];
const run = promisify(execFile);

describe("handshakes with IAM, by headers and by a signed address", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-iam-"));
  const sdk = join(folder, "build/sdk");
  let gateway: RunningGateway;
  beforeAll(async () => {
    writeFileSync(join(folder, "gateway.yaml"), file);
    const principals = join(folder, "principals.json");
    cpSync(join(root, "fixtures/sdk-scenario/principals.json"), principals);
    gateway = await startGateway(await buildFixture(folder), { GATEWAY_PRINCIPALS: principals });
  }, 60_000);
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const address = () => `${gateway.url.replace("http", "ws")}/dev`;

  test("Go", { timeout: 120_000 }, async () => {
    if (isWithoutGo() || go === undefined) return;
    const runner = join(folder, "runner");
    mkdirSync(runner);
    writeFileSync(join(runner, "main.go"), goProgram);
    const needs = "require live v0.0.0\n\nreplace live => ../build/sdk/go\n";
    writeFileSync(join(runner, "go.mod"), `module runner\n\ngo 1.23\n\n${needs}`);
    const { stdout } = await run(go, ["run", "-C", runner, ".", address()], { env: goEnvironment });
    expect(stdout.trim().split("\n")).toEqual(wanted);
  });

  test("Java", { timeout: 120_000 }, async () => {
    if (isWithoutJava()) return;
    const sources = join(sdk, "java/src/main/java/live");
    writeFileSync(join(sources, "Main.java"), javaProgram);
    const files = readdirSync(sources).map((name) => join(sources, name));
    const out = join(folder, "java-out");
    execFileSync("javac", ["--release", "17", "-encoding", "UTF-8", "-d", out, ...files]);
    const { stdout } = await run("java", ["-cp", out, "live.Main", address()]);
    expect(stdout.trim().split("\n")).toEqual(wanted);
  });
});
