import { expect, test } from "vitest";
import { brokenBlocks, brokenCode, lineStyles, routeComment } from "../../../generators/sdk-shared/broken-lines.js";

const long = "x".repeat(80);

test("Python: one argument a line, brackets inside of them where they have to be", () => {
  const call = `answer = api.place(body={"note": "a, (b", "lines": [], "text": "${long}"}, id="1")`;
  expect(brokenCode(`try:\n    ${call}`, lineStyles.python)).toBe(`try:
    answer = api.place(
        body={
            "note": "a, (b",
            "lines": [],
            "text": "${long}",
        },
        id="1",
    )`);
});

test("Go: the last argument opens in the line of the call, and values stand below each other", () => {
  const call = `order, err := api.Place(ctx, shop.PlaceParams{ID: "1", Body: shop.Order{At: time.Now(), Note: "\\"${long}{"}})`;
  expect(brokenCode(call, lineStyles.go)).toBe(`order, err := api.Place(ctx, shop.PlaceParams{
\tID: "1",
\tBody: shop.Order{
\t\tAt:   time.Now(),
\t\tNote: "\\"${long}{",
\t},
})`);
});

test("Java: a setter a line", () => {
  const call = `Order order = api.place(PlaceRequest.builder().body(Order.builder().note("${long}").at(now()).build()).build());`;
  expect(brokenCode(`    ${call}`, lineStyles.java)).toBe(`    Order order = api.place(PlaceRequest.builder()
            .body(Order.builder()
                    .note("${long}")
                    .at(now())
                    .build())
            .build());`);
});

test("short lines, other languages, and what has no brackets stay as they are", () => {
  const call = `api.f("${long}", "${long}")`;
  const text = `\`\`\`go\n${call}\n// ${long}${long}\n\`\`\`\n\`\`\`java\n${call}\n\`\`\`\n`;
  expect(brokenBlocks(text, "java")).toBe(text);
  expect(brokenBlocks(text, "go")).toBe(text.replace(call, `api.f(\n\t"${long}",\n\t"${long}",\n)`));
  expect(brokenCode('"(" + f()', lineStyles.go)).toBe('"(" + f()');
});

test("a route is a comment where its letters mean nothing else", () => {
  expect(routeComment("GET /orders/{id}/{path+}", "//")).toBe("// GET /orders/{id}/{path+}\n");
  expect(routeComment("GET /a`b", "//")).toBe("");
});
