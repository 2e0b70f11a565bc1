import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { isSkipped, type PythonFolder, python, pythonFolder, typeCheck } from "./python.js";

const yaml = (name: string, models: string) => `gateway: ${name}
sdk: { python: { name: ${name}, models: ${models} } }
models: |
  interface Report { id: string; at: datetime }
  interface Line { sku: string }
  interface Problem { code: string }
routes:
  GET /reports/{id}:
    operation: getReport
    mock: {}
    responses:
      200:
        body: Report
        alternatives: { text/csv: string, application/pdf: binary, application/vnd.lines+json: "Line[]", application/vnd.one+json: "{ sku: string }" }
      404: { body: Problem, alternatives: { text/plain: string } }
  GET /picture:
    operation: getPicture
    mock: {}
    responses: { 200: { body: binary, mediaType: image/png, alternatives: { application/json: Report } } }
  GET /own:
    operation: own
    mock: {}
    headers: { Accept: string }
    responses: { 200: { body: Report, alternatives: { text/csv: string } } }
`;

const bodies: Readonly<Record<string, string>> = {
  "text/csv": "id\n1\n",
  "application/pdf": "%PDF",
  "application/vnd.lines+json": '[{"sku":"a"}]',
  "application/vnd.one+json": '{"sku":"b"}',
  "application/json": '{"id":"1","at":"2020-01-01T00:00:00Z"}',
  "image/png": "PNG",
};

/** What each style of models makes of a report, a line and an object without a name. */
const styles = {
  "typed-dict": { report: "report['id']", line: "lines[0]['sku']", one: "one['sku']" },
  dataclass: { report: "report.id", line: "lines[0].sku", one: "one.sku" },
} as const;

describe.skipIf(isSkipped())("answers of further media types in Python", () => {
  const folder: PythonFolder = pythonFolder();
  let server: Server | undefined;
  let url: string;
  beforeAll(async () => {
    await folder.add(await modelOf(yaml("typed", "typed-dict")));
    await folder.add(await modelOf(yaml("classes", "dataclass")));
    const own = createServer(({ headers, url: path }, response) => {
      const asked = headers.accept?.split(",")[0] ?? "";
      const isNone = path?.includes("none");
      response.writeHead(isNone ? 404 : 200, { "content-type": isNone ? "text/plain" : asked });
      response.end(isNone ? "no such report" : path?.includes("empty") ? "" : bodies[asked]);
    });
    server = own;
    await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server?.close();
    folder.remove();
  });

  const program = (module: string, client: string, style: keyof typeof styles) => {
    const { report, line, one } = styles[style];
    return `import asyncio
import json
import sys

from ${module} import Async${client}, ${client}, CallOptions, errors

api = ${client}(base_url=sys.argv[1])
out: list[object] = []
report = api.get_report(id="1")
out.append(${report})
csv: str = api.get_report(id="1", accept="text/csv", options=CallOptions(headers={"x-trace": "1"}))
pdf: bytes = api.get_report(id="1", accept="application/pdf")
lines = api.get_report(id="1", accept="application/vnd.lines+json")
one = api.get_report(id="1", accept="application/vnd.one+json")
out += [csv, pdf.decode(), ${line}, ${one}]
empty: bytes = api.get_report(id="empty", accept="application/pdf")
out += [empty == b"", api.get_report(id="empty", accept="text/csv")]
picture: bytes = api.get_picture()
report = api.get_picture(accept="application/json")
out += [picture.decode(), ${report}]
report = api.own(accept="application/json")
out.append(${report})
try:
    api.get_report(id="none")
except errors.GetReport404 as error:
    out.append(error.body)


async def later() -> None:
    async with Async${client}(base_url=sys.argv[1]) as other:
        text: str = await other.get_report(id="1", accept="text/csv")
        out.append(text)


asyncio.run(later())
print(json.dumps(out))
`;
  };

  test.each([
    ["typed", "Typed", "typed-dict"],
    ["classes", "Classes", "dataclass"],
  ] as const)("%s", { timeout: 120_000 }, async (module, client, style) => {
    folder.write(`use_${module}.py`, program(module, client, style));
    folder.write(
      `wrong_${module}.py`,
      `from ${module} import ${client}\n\nwrong: int = ${client}().get_report(id="1", accept="text/csv")\n${client}().get_report(id="1", accept="text/none")\n`,
    );
    const { stdout } = await promisify(execFile)(python ?? "python3", [`use_${module}.py`, url], { cwd: folder.path });
    const own = ["1", "id\n1\n", "%PDF", "a", "b", true, "", "PNG", "1", "1", "no such report", "id\n1\n"];
    expect(JSON.parse(stdout)).toEqual(own);
    const found = typeCheck(folder, [module, `use_${module}.py`, `wrong_${module}.py`]);
    expect(found.filter((line) => !line.startsWith("wrong_"))).toEqual([]);
    expect(found.join("\n")).toMatch(/wrong_\w+\.py:3/);
    expect(found.join("\n")).toMatch(/wrong_\w+\.py:4/);
  });
});
