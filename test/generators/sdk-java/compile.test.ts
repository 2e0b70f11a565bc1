import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planExamples, planSocketExamples } from "../../../generators/docs/examples.js";
import { sdkJava } from "../../../generators/sdk-java/index.js";
import { modelOf } from "../../support/diagnose.js";
import { hardNames } from "../hard-names.js";
import { hardTypes } from "../hard-types.js";
import { readmeModel } from "../readme-model.js";
import { anyModel } from "../sdk-typescript/any-model.js";
import { richShop } from "../sdk-typescript/rich-shop.js";
import { isWithoutJava, type JavaFolder, javaFolder } from "./java.js";

let folder: JavaFolder;
beforeAll(() => {
  folder = javaFolder();
});
afterAll(() => folder.remove());

const program = `import java.util.List;
import probe.hard.*;

public class Main {
    public static void main(String[] args) throws Exception {
        String text = "{\\"a\\\\\\"b\\":\\"x\\\\u0000\\\\ud83d\\",\\"n\\":12345678901234567890,\\"m\\":[1.5e3,true,null]}";
        System.out.println(Json.write(Json.parse(text)));
        for (String wrong : List.of("{", "[1,]", "01", "\\"\\\\x\\"", "nul", "1 2", "[".repeat(300) + "]".repeat(300))) {
            try {
                System.out.println("read " + Json.parse(wrong));
            } catch (IllegalArgumentException error) {
                System.out.print("refused ");
            }
        }
        System.out.println();
        Pet pet = new Dog(java.time.OffsetDateTime.parse("1970-01-01T00:00:00Z"), null);
        System.out.println(Json.write(pet.toJson()));
        Odd.Builder odd = Odd.builder().maybe(Maybe.of(List.of())).list(List.of(pet)).mixed(new Mixed.OfInteger(3L)).type(Status.A_B.value());
        try {
            System.out.println(odd.build().toJson());
        } catch (IllegalArgumentException error) {
            System.out.println(error.getMessage());
        }
        System.out.println(Json.write(odd.aB("x").typeField("t").x("").build().toJson()));
        System.out.println(new AwsCredentials("AK", "secret"));
        java.io.File[] poms = new java.io.File("poms").listFiles();
        for (java.io.File pom : poms) javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom);
        System.out.println(poms.length + " poms");
    }
}
`;

test("what is generated of any text and of hard types is Java, without a warning", { timeout: 180_000 }, async () => {
  if (isWithoutJava()) return;
  await folder.add("shop", richShop());
  await folder.add("hard", await modelOf(hardTypes));
  await folder.add("names", await modelOf(hardNames));
  for (const [at, sample] of fc.sample(anyModel, { numRuns: 8, seed: 7 }).entries())
    await folder.add(`any${at}`, sample);
  folder.write("Main.java", program);
  expect(folder.compile()).toBe("");
  expect(folder.run("Main").split(/ *\n/)).toEqual([
    '{"a\\"b":"x\\u0000\\ud83d","n":12345678901234567890,"m":[1.5E+3,true,null]}',
    "refused refused refused refused refused refused refused",
    '{"kind":"dog","at":"1970-01-01T00:00:00Z","on":null}',
    'a"b is required',
    '{"a\\"b":"x","Type":"a b","type":"t","":"","marshalJSON":null,"list":[{"kind":"dog","at":"1970-01-01T00:00:00Z","on":null}],"maybe":[],"any":null,"level":0,"mixed":3}',
    "AwsCredentials(AK)",
    "11 poms",
  ]);
});

test("what the README and the pages show is Java", { timeout: 120_000 }, async () => {
  if (isWithoutJava()) return;
  const other = javaFolder();
  try {
    const model = await modelOf(readmeModel);
    const named = { ...model, sdk: { ...model.sdk, java: { package: "probe.guide", artifact: undefined } } };
    await other.add("guide", named);
    const files = await sdkJava.generate(named, { projectDir: "/p", outDir: "/p/build" });
    const readme = String(files.find(({ path }) => path === "README.md")?.content);
    const socket = await planSocketExamples(named);
    const pages = [(await planExamples(named)).values(), socket?.routes.values() ?? [], socket?.events.values() ?? []];
    const blocks = [
      ...[...readme.matchAll(/```java\n(.*?)```/gs)].map(([, code = ""]) => code),
      ...pages.flatMap((all) => [...all].flat().filter(({ id }) => id === "java")).map(({ code }) => code),
    ];
    expect(blocks.length).toBe(7 + 6 + 3 + 2);
    other.write("Guide.java", javaProgram(blocks));
    // The first calls with what they import themselves, and nothing else.
    const [first = ""] = blocks;
    const heads = first.match(/^import .*;$/gm) ?? [];
    const body = first.replace(/^import .*;$/gm, "");
    other.write(
      "First.java",
      `${heads.join("\n")}\nclass First {\nstatic void calls(String secret, java.nio.file.Path path, SigV4 signer) throws Exception {\n${body}\n}\n}\n`,
    );
    expect(other.compile()).toBe("");
  } finally {
    other.remove();
  }
});

/** Each block in a method of its own, with what it takes for granted. */
function javaProgram(blocks: readonly string[]): string {
  const methods = blocks.map((block, at) => {
    const api = /\bapi =/.test(block) ? "" : "GuideClient api = GuideClient.builder().build();\n";
    const code = block.replace(/^import .*;$/gm, "");
    const signer = /\bvar signer =/.test(code) ? "" : ", SigV4 signer";
    return `static void block${at}(String secret, Path path${signer}) throws Exception {\n${api}${code}\n}\n`;
  });
  return `import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.*;
import java.util.*;
import probe.guide.*;

class Guide {
${methods.join("\n")}}
`;
}
