// A typed handler as `gateway build` writes it, with the binder of the compiled generators.
import { transform } from "esbuild";
import { load } from "./program.mjs";

const spec = {
  key: "GET /orders/{id}",
  method: "GET",
  resource: "/orders/{id}",
  params: { id: { type: "string", isList: false, isRequired: true } },
  query: {
    limit: { type: "integer", isList: false, isRequired: false },
    expand: { type: "string", isList: true, isRequired: false },
  },
  headers: {},
  body: "none",
  jsonStatuses: [200],
  mediaTypes: {},
  cors: undefined,
};

/** @param body  what the handler answers with status 200 */
export async function typedHandler(body) {
  const { binderText } = await load("generators/handlers/print-binder.js");
  const { code } = await transform(binderText(), { loader: "ts", format: "esm" });
  const { bind } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return bind([spec], async (_request, reply) => reply[200](body));
}
