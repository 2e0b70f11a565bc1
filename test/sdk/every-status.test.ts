import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSkipped, python } from "../generators/sdk-python/python.js";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";

/** With a body of its own each, and 204 without one. Redirects are followed by fetch, and are no answers of a call. */
const statuses = [
  200, 201, 202, 203, 204, 206, 207, 400, 401, 402, 403, 404, 405, 406, 409, 410, 412, 413, 415, 418, 422, 423, 428,
  429, 451, 500, 501, 502, 503, 504,
];
const withBody = statuses.filter((status) => status !== 204);
const bodyOf = (status: number) => ({ [`of${status}`]: `${status} ü`, at: [status] });

const folder = mkdtempSync(join(tmpdir(), "gateway-every-status-"));
let gateway: RunningGateway;
beforeAll(async () => {
  const responses = statuses.map((status) =>
    status === 204
      ? "      204:"
      : `      ${status}: { body: "{ of${status}: string; at: integer[] }", headers: { X-Status: integer } }`,
  );
  writeFileSync(
    join(folder, "gateway.yaml"),
    `gateway: every\nversion: 1.0.0\nroutes:\n  PUT /answer/{status}:\n    operation: answer\n    params: { status: integer }\n    lambda: answer\n    responses:\n${responses.join("\n")}\n`,
  );
  mkdirSync(join(folder, "handlers"));
  const cases = withBody.map(
    (status) =>
      `    case ${status}: return reply[${status}](${JSON.stringify(bodyOf(status))}, { "x-status": "${status}" });`,
  );
  writeFileSync(
    join(folder, "handlers/answer.ts"),
    `import { answer } from "../build/handlers/answer.js";\nexport const handler = answer(async ({ params }, reply) => {\n  switch (params.status) {\n${cases.join("\n")}\n    default: return reply[204]();\n  }\n});\n`,
  );
  gateway = await startGateway(await buildFixture(folder));
}, 60_000);
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("each declared status goes from a typed handler through the gateway to the SDK", async () => {
  const sdk = await import(pathToFileURL(join(folder, "build/sdk/typescript/index.js")).href);
  const client = sdk.createClient({ baseUrl: `${gateway.url}/dev`, retries: 0 });
  for (const status of statuses) {
    const result = await sdk.answer(client, { status }).safe();
    expect([result.ok, result.status], String(status)).toEqual([status < 300, status]);
    if (status === 204) continue;
    expect(result.body, String(status)).toEqual(bodyOf(status));
    expect(result.headers.get("x-status")).toBe(String(status));
    if (status < 300) expect(await sdk.answer(client, { status })).toEqual(bodyOf(status));
    else await expect(sdk.answer(client, { status })).rejects.toMatchObject({ status, body: bodyOf(status) });
  }
});

test("and to Python's", () => {
  if (isSkipped() || python === undefined) return;
  const program = `
import json, sys
sys.path.insert(0, ${JSON.stringify(join(folder, "build/sdk/python/src"))})
from every import Every, errors
with Every(base_url=${JSON.stringify(`${gateway.url}/dev`)}, retries=0) as api:
    for status in ${JSON.stringify(statuses)}:
        try:
            body = api.answer(status=status)
            assert status < 300, status
        except errors.ApiError as error:
            assert type(error) is getattr(errors, f"Answer{status}"), (status, type(error))
            assert error.status == status
            body = error.body
        print(json.dumps(body))
`;
  const out = execFileSync(python, ["-c", program], { encoding: "utf8" });
  expect(
    out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(statuses.map((status) => (status === 204 ? null : bodyOf(status))));
});
