import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gateway, project, write } from "./support.js";

const file = (color: string) => `gateway: paint
version: 1.0.0
routes:
  GET /color: { mock: { color: ${color}, size: $stageVariables.size } }
stages: { dev: { variables: { size: none } }, prod: { variables: { size: big } } }
`;

test("deploy, its difference, rollback, settings and removal, as they are told", async () => {
  const folder = project({ "gateway.yaml": file("blue") });
  const path = join(folder, "gateway.yaml");
  const first = await gateway("deploy", path, "--stage", "prod", "--description", "the first");
  expect([first.code, first.error, first.out]).toEqual([
    0,
    "",
    expect.stringMatching(/^deployed {2}[0-9a-f]{16} to prod\n$/),
  ]);
  expect((await gateway("deploy", path, "--stage", "prod")).out).toMatch(/^unchanged prod is [0-9a-f]{16} already\n$/);

  write(folder, "gateway.yaml", file("red").replace("big", "small"));
  const dry = await gateway("deploy", path, "--stage", "prod", "--dry-run");
  expect(dry.out).toBe("  ~ route GET /color: integration.responses\n  ~ stage variable size: value.parts\n");
  expect((await gateway("stages", path)).out).toContain("the first");
  const json = await gateway("deploy", path, "--stage", "prod", "--dry-run", "--format", "json");
  expect(JSON.parse(json.out).changes).toHaveLength(2);

  const settings = await gateway("deploy", path, "--stage", "prod", "--settings-only", "--diff");
  expect(settings.out).toMatch(
    /^ {2}~ stage variable size: value\.parts\nsettings {2}prod as in .*; still [0-9a-f]{16}\n$/,
  );
  await gateway("deploy", path, "--stage", "prod");
  const back = await gateway("rollback", path, "--stage", "prod");
  expect(back.out).toMatch(
    /^back to {3}[0-9a-f]{16} on prod \(was [0-9a-f]{16}\)\non AWS {4}aws cloudformation update-stack /,
  );
  const set = await gateway("stages", path, "--stage", "prod", "--set", "size=huge", "--log", "info");
  expect(set.out).toContain('set by hand: size=huge, log="info"');

  expect((await gateway("stages", path, "--stage", "prod", "--remove")).out).toBe("removed   prod\n");
  expect((await gateway("stages", path)).out).toMatch(/^nothing is deployed/);
  expect(readdirSync(join(folder, ".gateway/deployments")).length).toBe(2);
}, 60_000);

test("what cannot be done is said in one line, and changes nothing", async () => {
  const folder = project({ "gateway.yaml": file("blue") });
  const path = join(folder, "gateway.yaml");
  const told = async (...args: string[]) => {
    const { code, error } = await gateway(...args);
    expect([code, error.split("\n").length]).toEqual([2, 2]);
    return error;
  };
  expect(await told("deploy", path, "--stage", "prodd")).toMatch(/has no stage "prodd"; did you mean "prod"\?/);
  expect(await told("rollback", path, "--stage", "prod")).toMatch(
    /nothing is deployed to the stage "prod"; gateway deploy/,
  );
  expect(await told("canary", "stop", path, "--stage", "prod")).toMatch(/nothing is deployed/);
  expect(existsSync(join(folder, ".gateway/stages"))).toBe(false);
  await gateway("deploy", path, "--stage", "prod");
  expect(await told("rollback", path, "--stage", "prod")).toMatch(/nothing was deployed to "prod" before/);
  expect(await told("rollback", path, "--stage", "prod", "--to", "zz")).toMatch(/there is no deployment "zz"/);
  expect(await told("canary", "promote", path, "--stage", "prod")).toMatch(/"prod" has no canary/);
  expect(await told("canary", "start", path, "--stage", "prod", "--percent", "101")).toMatch(/"101" is no share/);
  expect(await told("canary", "start", path, "--stage", "prod")).toMatch(/--percent says how many/);
  expect(await told("stages", path, "--stage", "prod", "--set", "size=a b")).toMatch(/value of "size" must be/);
  expect(await told("stages", path, "--set", "size=a")).toMatch(/need --stage/);
  expect(await told("stages", path, "--stage", "prod", "--log", "loud")).toMatch(/"loud" is no log level/);
  expect(await told("serve", join(folder, "nowhere"))).toMatch(/there is no .*nowhere/);
  expect(await told("serve", folder, "--workers", "0")).toMatch(/--workers is a number from 1 to 512/);
}, 60_000);

test("a file with mistakes deploys nothing, and tells them", async () => {
  const folder = project({ "gateway.yaml": file("blue").replace("mock", "mokc") });
  const { code, error } = await gateway("deploy", join(folder, "gateway.yaml"), "--stage", "prod");
  expect([code, error]).toEqual([1, expect.stringMatching(/error\[unknown-key\][\s\S]*nothing was deployed: 1 error/)]);
});
