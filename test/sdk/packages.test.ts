import { expect, test } from "vitest";
import { sdk } from "../../generators/sdk.js";
import { readmeModel } from "../generators/readme-model.js";
import { modelOf } from "../support/diagnose.js";

const target = { projectDir: "/p", outDir: "/p/build" };

async function packages(templates: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const files = await sdk.generate(await modelOf(readmeModel), { ...target, templates });
  return new Map(files.map(({ path, content }) => [path, String(content)]));
}

test("files of one's own take the place of those of Go and Java, or stand beside them", async () => {
  const plain = await packages(new Map());
  const own = await packages(
    new Map([
      ["go/README.md.hbs", "{{name}} {{packageVersion}} {{license}}\n{{generated}}"],
      ["go/version_test.go", "package guide\n"],
      ["java/pom.xml", "<project/>\n"],
      ["python/only-python.txt", "not made\n"],
    ]),
  );
  expect(own.get("go/README.md")).toBe(`guide 1.0.0 MIT\n${plain.get("go/README.md")}`);
  expect(own.get("go/version_test.go")).toBe("package guide\n");
  expect(own.get("java/pom.xml")).toBe("<project/>\n");
  const changed = [...own].filter(([path, text]) => plain.get(path) !== text).map(([path]) => path);
  expect(changed.sort()).toEqual(["go/README.md", "go/version_test.go", "java/pom.xml"]);
});

test("builders of Python packages take the licence, whatever it is called", async () => {
  const model = await modelOf(readmeModel);
  const licenceOf = async (license: string) => {
    const sdkPlan = { ...model.sdk, languages: ["python" as const], license };
    const files = await sdk.generate({ ...model, sdk: sdkPlan }, { ...target, templates: new Map() });
    const project = files.find(({ path }) => path === "python/pyproject.toml");
    return /^license = "(.*)"$/m.exec(String(project?.content))?.[1];
  };
  expect(await licenceOf("MIT OR Apache-2.0")).toBe("MIT OR Apache-2.0");
  expect(await licenceOf("(GPL-2.0-only WITH Classpath-exception-2.0) AND MIT")).toContain("WITH Classpath");
  // SPDX knows neither (PEP 639).
  expect(await licenceOf("UNLICENSED")).toBe("LicenseRef-UNLICENSED");
  expect(await licenceOf("SEE LICENSE IN terms.txt")).toBe("LicenseRef-SEE-LICENSE-IN-terms.txt");
});

test("a package says its licence and has the contract's changes; the same file gives the same bytes", async () => {
  const [first, second] = [await packages(new Map()), await packages(new Map())];
  expect([...first]).toEqual([...second]);
  expect(first.get("java/pom.xml")).toContain("<licenses><license><name>MIT</name></license></licenses>");
  for (const language of ["go", "java"]) {
    expect(first.get(`${language}/README.md`)).toContain("Licence: MIT");
    expect(first.get(`${language}/CHANGELOG.md`)).toContain("# Changelog");
  }
});
