import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { hardTypes } from "../hard-types.js";
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
    public static void main(String[] args) {
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
        Odd odd = Odd.builder().maybe(Maybe.of(List.of())).list(List.of(pet)).mixed(new Mixed.OfInteger(3L)).type(Status.A_B.value()).build();
        System.out.println(Json.write(odd.toJson()));
        System.out.println(new AwsCredentials("AK", "secret"));
    }
}
`;

test("what is generated of any text and of hard types is Java, without a warning", { timeout: 180_000 }, async () => {
  if (isWithoutJava()) return;
  await folder.add("shop", richShop());
  await folder.add("hard", await modelOf(hardTypes));
  for (const [at, sample] of fc.sample(anyModel, { numRuns: 8, seed: 7 }).entries())
    await folder.add(`any${at}`, sample);
  folder.write("Main.java", program);
  expect(folder.compile()).toBe("");
  expect(folder.run("Main").split(/ *\n/)).toEqual([
    '{"a\\"b":"x\\u0000\\ud83d","n":12345678901234567890,"m":[1.5E+3,true,null]}',
    "refused refused refused refused refused refused refused",
    '{"kind":"dog","at":"1970-01-01T00:00:00Z","on":null}',
    '{"a\\"b":null,"Type":"a b","type":null,"":null,"marshalJSON":null,"list":[{"kind":"dog","at":"1970-01-01T00:00:00Z","on":null}],"maybe":[],"any":null,"level":0,"mixed":3}',
    "AwsCredentials(AK)",
  ]);
});
