import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { sdkGo } from "../../../generators/sdk-go/index.js";
import { sdkJava } from "../../../generators/sdk-java/index.js";
import type { Generator } from "../../../src/model/output.js";
import { go, goEnvironment, isWithoutGo } from "../../generators/sdk-go/go.js";
import { isWithoutJava } from "../../generators/sdk-java/java.js";
import { modelOf } from "../../support/diagnose.js";
import { root } from "../../support/paths.js";
import { type Peer, startPeer } from "./peer.js";

const gateway = `gateway: live
sdk: { go: live, java: live }
authorizers:
  pool: { cognito: "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc" }
  guests: { lambda: guests, type: request, identity: [$request.querystring.token, $request.header.X-Who] }
routes:
  GET /mine: { auth: pool, mock: }
models: |
  interface Join { action: "join"; room: string }
  interface Say { action: "say"; text: string }
  interface Moved { id: string; at: integer }
websocket:
  auth: guests
  apiKey: true
  routes:
    $connect: { lambda: connect }
    join: { body: Join, lambda: join, reply: "{ joined: string }" }
    say: { body: Say, lambda: say }
    constant: { mock: { n: 1 }, reply: "{ n: integer }" }
  events: { Moved: Moved }
`;

/** What every client sees; what is only one language's habit is told by itself. */
const conversation = [
  "connecting",
  "open main c&d me more key v1, v2",
  "ü",
  "one",
  "60000",
  "ü🙂",
  'unknown event Later {"new":true}',
  'unknown {"event":"Later","data":{"new":true}}',
  'unknown event Moved {"id":"x","at":"no number"}',
  'unknown {"event":"Moved","data":{"id":"x","at":"no number"}}',
  'unknown "no JSON"',
  "early,push:one,60000 characters,pieces:,later:,wrong:x,stray:",
  "closed closed 4000 application done",
  "the peer saw 4000",
];
const reconnecting = [
  "reconnecting closed 1001 going-away bye",
  "reopened",
  "close:1001, from the hook, after the loss",
  "reconnecting closed 1006 lost ",
  "reopened",
  "slow reopened",
];
/** One sign-in for two who ask at once, a renewal a minute before the end, and the password again when that is refused. */
const tokens = [
  "token1 token1",
  "token2",
  "token4",
  "USER_PASSWORD_AUTH REFRESH_TOKEN_AUTH REFRESH_TOKEN_AUTH USER_PASSWORD_AUTH",
  "Cognito: NotAuthorizedException Incorrect username or password.",
  "false",
];
const codes = ["masked 1002", "reserved 1002", "utf8 1007", "control 1002", "continuation 1002", "opcode 1002"];

const folder = mkdtempSync(join(tmpdir(), "gateway-live-"));
const run = promisify(execFile);
/** A program that waits for ever says what it has seen. */
const limits = { timeout: 90_000 };

async function write(generator: Generator, to: string): Promise<void> {
  const files = await generator.generate(await modelOf(gateway), { projectDir: folder, outDir: folder });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), content);
  }
}

describe("WebSocket clients and sources of tokens against a server that does what servers do", () => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await startPeer();
  });
  afterEach(() => peer.stop());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("Go", { timeout: 120_000 }, async () => {
    if (isWithoutGo() || go === undefined) return;
    await write(sdkGo, join(folder, "go"));
    mkdirSync(join(folder, "runner"));
    cpSync(join(root, "test/sdk/live/main.go"), join(folder, "runner/main.go"));
    writeFileSync(
      join(folder, "runner/go.mod"),
      "module runner\n\ngo 1.23\n\nrequire live v0.0.0\n\nreplace live => ../go\n",
    );
    const { stdout } = await run(go, ["run", "-C", join(folder, "runner"), ".", peer.url], {
      ...limits,
      env: goEnvironment,
    });
    expect(stdout.trim().split("\n")).toEqual([
      ...conversation,
      "own replies 20",
      "failed r1",
      "timeout",
      "aborted",
      "inside",
      ...reconnecting,
      "too-large",
      "queue-full",
      "refused 403",
      "timeout",
      ...codes,
      "closed 4001 application bye",
      "the loop ends a",
      "closed 4001 application bye",
      '{"action":"join","room":"r"} <nil>',
      ...tokens,
      "secrets false",
    ]);
  });

  test("Java", { timeout: 120_000 }, async () => {
    if (isWithoutJava()) return;
    await write(sdkJava, join(folder, "java"));
    const sources = join(folder, "java/src/main/java/live");
    cpSync(join(root, "test/sdk/live/Live.java"), join(sources, "Live.java"));
    const files = readdirSync(sources).map((name) => join(sources, name));
    const out = join(folder, "java-out");
    execFileSync("javac", ["--release", "17", "-Xlint:all", "-Werror", "-encoding", "UTF-8", "-d", out, ...files]);
    const { stdout } = await run("java", ["-cp", out, "live.Live", peer.url], limits);
    expect(stdout.trim().split("\n")).toEqual([
      ...conversation,
      "own replies 20",
      "failed r1",
      "timeout",
      "aborted",
      "inside",
      ...reconnecting,
      "too-large",
      "queue-full",
      "refused 403",
      // Frames are the JDK's; whether it says why it hangs up is a matter of luck.
      ...codes.map((text) => `${text.split(" ")[0]}: closed 1006 lost `),
      "closed 4001 application bye",
      "closed 4001 application bye",
      ...tokens,
      "secrets false",
    ]);
  });
});
