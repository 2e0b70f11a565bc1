import { describe, expect, test } from "vitest";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { renderJson } from "../../src/diagnostics/render-json.js";
import { renderSarif } from "../../src/diagnostics/render-sarif.js";
import { SourceFile } from "../../src/source.js";
import { parseGateway } from "../../src/syntax/parse-gateway.js";
import { typeErrors } from "../support/compiles.js";

function diagnose(text: string, path = "gateway.yaml") {
  const source = new SourceFile(path, text);
  const list = new DiagnosticList();
  parseGateway(source, list.report);
  return { source, diagnostics: list.sorted() };
}

const twoMistakes = "gateway: a\nkind: rset\nkind: http\nroutes: { GET /x: { lambda: x } }\n";

describe("--format json", () => {
  test("an array with places, notes and fixes", () => {
    const { source, diagnostics } = diagnose(twoMistakes);
    expect(JSON.parse(renderJson(source, diagnostics))).toEqual([
      {
        code: "wrong-word",
        severity: "error",
        message: '"rset" is not one of "rest" and "http"',
        help: 'did you mean "rest"?',
        file: "gateway.yaml",
        line: 2,
        column: 7,
        endLine: 2,
        endColumn: 11,
        notes: [],
        fix: { line: 2, column: 7, endLine: 2, endColumn: 11, text: "rest" },
      },
      {
        code: "yaml-duplicate-key",
        severity: "error",
        message: '"kind" is given twice',
        help: null,
        file: "gateway.yaml",
        line: 3,
        column: 1,
        endLine: 3,
        endColumn: 5,
        notes: [{ message: "first given here", file: "gateway.yaml", line: 2, column: 1, endLine: 2, endColumn: 5 }],
        fix: null,
      },
    ]);
  });

  test("nothing to say is an empty array", () => {
    const { source, diagnostics } = diagnose("gateway: a\nroutes: { GET /x: { lambda: x } }\n");
    expect(renderJson(source, diagnostics)).toBe("[]\n");
  });
});

describe("--format sarif", () => {
  test("results name their rule, place, related places and fix", () => {
    const { source, diagnostics } = diagnose(twoMistakes, "api files/gateway.yaml");
    const log = JSON.parse(renderSarif(source, diagnostics));
    expect(log.version).toBe("2.1.0");
    const [run] = log.runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(["wrong-word", "yaml-duplicate-key"]);
    expect(run.columnKind).toBe("utf16CodeUnits");
    const [word, twice] = run.results;
    expect(word).toMatchObject({
      ruleId: "wrong-word",
      ruleIndex: 0,
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "api%20files/gateway.yaml" },
            region: { startLine: 2, startColumn: 7, endLine: 2, endColumn: 11 },
          },
        },
      ],
      fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: "rest" } }] }] }],
    });
    expect(twice.relatedLocations[0]).toMatchObject({ id: 0, message: { text: "first given here" } });
    expect(twice.ruleIndex).toBe(1);
  });

  test("the log has the form of SARIF 2.1.0", () => {
    const { source, diagnostics } = diagnose(twoMistakes);
    const text = `import type { Log } from "sarif";\nexport const log: Log = ${renderSarif(source, diagnostics)};\n`;
    const paths = { sarif: ["node_modules/@types/sarif/index.d.ts"] };
    expect(typeErrors(new Map([["log.ts", text]]), undefined, { types: [], paths })).toEqual([]);
    const wrong = text.replace('"deletedRegion"', '"deletedPlace"');
    expect(typeErrors(new Map([["log.ts", wrong]]), undefined, { types: [], paths })).not.toEqual([]);
  });

  test("absolute and Windows paths are file URIs", () => {
    const uri = (path: string) => {
      const { source, diagnostics } = diagnose("", path);
      return JSON.parse(renderSarif(source, diagnostics)).runs[0].results[0].locations[0].physicalLocation
        .artifactLocation.uri;
    };
    expect(uri("/tmp/a b.yaml")).toBe("file:///tmp/a%20b.yaml");
    expect(uri("C:\\x\\gateway.yaml")).toBe("file:///C%3A/x/gateway.yaml");
  });
});
