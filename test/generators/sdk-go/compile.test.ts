import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planExamples, planSocketExamples } from "../../../generators/docs/examples.js";
import { modelOf } from "../../support/diagnose.js";
import { hardNames } from "../hard-names.js";
import { hardTypes } from "../hard-types.js";
import { readmeModel } from "../readme-model.js";
import { anyModel } from "../sdk-typescript/any-model.js";
import { richShop } from "../sdk-typescript/rich-shop.js";
import { type GoFolder, goFiles, goFolder, isWithoutGo } from "./go.js";

let folder: GoFolder;
beforeAll(() => {
  folder = goFolder();
});
afterAll(() => folder.remove());

const program = `package main

import (
	"encoding/json"
	"fmt"
	"time"

	"probe/hard"
)

func main() {
	in := \`{"a\\"b":"x","Type":"T","type":"t","":"e","marshalJSON":{"kind":"cat","lives":9},"list":[{"kind":"dog","at":"2026-01-02T03:04:05Z","on":null},{"kind":"cow","milk":1}],"maybe":null,"any":12345678901234567890,"level":-1,"mixed":[1,2]}\`
	var odd hard.Odd
	if err := json.Unmarshal([]byte(in), &odd); err != nil {
		panic(err)
	}
	out, err := json.Marshal(odd)
	fmt.Println(string(out) == in, err)
	if string(out) != in {
		fmt.Println(string(out))
	}
	switch pet := odd.MarshalJSONField.(type) {
	case hard.Cat:
		fmt.Println(pet.Kind(), pet.Lives)
	}
	dog := hard.Pets{"a": {hard.Dog{At: time.Unix(0, 0).UTC()}}}
	out, err = json.Marshal(dog)
	fmt.Println(string(out), err)
	var back hard.Pets
	fmt.Println(json.Unmarshal(out, &back), back["a"][0].(hard.Dog).On == nil)
	out, err = json.Marshal(hard.Odd{Maybe: hard.Some([]hard.Pet{})})
	fmt.Println(string(out), err)
	var bag hard.Bag
	fmt.Println(json.Unmarshal([]byte(\`{"id":1,"b":2}\`), &bag), bag.ID, bag.Additional)
	out, err = json.Marshal(bag)
	fmt.Println(string(out), err)
	fmt.Println(hard.Static("secret"), fmt.Sprintf("%#v", hard.Static("secret")), hard.AWSCredentials{AccessKeyID: "AK", SecretAccessKey: "secret"})
}
`;

test("what is generated of any text and of hard types is Go: compiled, vetted, formatted", {
  timeout: 240_000,
}, async () => {
  if (isWithoutGo()) return;
  await folder.add("shop", richShop());
  await folder.add("hard", await modelOf(hardTypes));
  await folder.add("names", await modelOf(hardNames));
  for (const [at, sample] of fc.sample(anyModel, { numRuns: 4, seed: 7 }).entries())
    await folder.add(`any${at}`, sample);
  folder.write("main.go", program);
  expect(folder.unformatted()).toBe("");
  expect(folder.run("vet", "./...")).toBe("");
  expect(folder.run("run", ".").split("\n")).toEqual([
    "true <nil>",
    "cat 9",
    '{"a":[{"kind":"dog","at":"1970-01-01T00:00:00Z","on":null}]} <nil>',
    "<nil> true",
    '{"a\\"b":"","Type":"","type":"","":"","marshalJSON":null,"list":[],"maybe":[],"any":null,"level":0,"mixed":null} <nil>',
    "<nil> 1 map[b:2]",
    '{"id":1,"b":2} <nil>',
    "Static(…) Static(…) AWSCredentials(AK)",
  ]);
});

test("what the README and the pages show is Go", { timeout: 120_000 }, async () => {
  if (isWithoutGo()) return;
  const other = goFolder();
  try {
    const model = await modelOf(readmeModel);
    await other.add("guide", model);
    const go = { module: "probe/guide", package: "guide" };
    const named = { ...model, sdk: { ...model.sdk, go } };
    const readme = (await goFiles(named)).get("README.md") ?? "";
    const socket = await planSocketExamples(named);
    const examples = [
      ...(await planExamples(named)).values(),
      ...(socket?.routes.values() ?? []),
      ...(socket?.events.values() ?? []),
    ];
    const blocks = [
      ...[...readme.matchAll(/```go\n(.*?)```/gs)].map(([, code = ""]) => code),
      ...examples.flatMap((all) => all.filter(({ id }) => id === "go").map(({ code }) => code)),
    ];
    expect(blocks.length).toBe(6 + 6 + 3 + 2);
    other.write("main.go", goProgram(blocks));
    expect(other.run("build", "-gcflags=-e", "-o", "program", ".")).toBe("");
  } finally {
    other.remove();
  }
});

/** Each block in a scope of its own, with what it takes for granted; what it assigns is used. */
function goProgram(blocks: readonly string[]): string {
  const functions = blocks.map((block, at) => {
    const names = [...block.matchAll(/^(\w+(?:, \w+)*) :=/gm)].flatMap(([, list = ""]) => list.split(", "));
    const uses = [...new Set(names)]
      .filter((name) => name !== "_")
      .map((name) => `_ = ${name}\n`)
      .join("");
    const api = block.includes("api :=") ? "" : "api := guide.New()\n_ = api\n";
    return `func block${at}(ctx context.Context, secret string, file io.Reader, signer guide.SigV4) (err error) {
${api}{
${block.replace(/^import (?:\(\n[^)]*\)|.*)$/m, "")}
${uses}}
return err
}
`;
  });
  return `package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"probe/guide"
)

var _, _, _, _, _ = errors.New, fmt.Println, time.Now, http.NewRequest, os.Getenv

${functions.join("\n")}
func main() {}
`;
}

test("any text gives files that gofmt leaves as they are", { timeout: 120_000 }, async () => {
  if (isWithoutGo()) return;
  const other = goFolder();
  try {
    for (const [at, sample] of fc.sample(anyModel, { numRuns: 40, seed: 3 }).entries())
      await other.add(`any${at}`, sample);
    expect(other.unformatted()).toBe("");
  } finally {
    other.remove();
  }
});
