import { logicalId } from "../intrinsics.js";
import { madeMap, madeScalar, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import { readJsonText } from "./json-text.js";
import type { Resource, Resources } from "./resources.js";
import { nameOf } from "./rest-api.js";

/** Schemas of the messages of a WebSocket API. */
export interface MessageModels {
  /** What the schemas name, and the models that somebody gave a name: they become models of the language. */
  readonly declared: readonly (readonly [name: string, schema: Tree])[];
  /** The schema of a message by its model's name. */
  readonly byName: ReadonlyMap<string, Tree>;
}

/** Names that a build gives to the schemas of messages, which have none in gateway.yaml. */
const madeName = /^(?:On[A-Z]\w*|Default|Disconnect)Message$/;

export function messageModels(
  socket: Resource,
  resources: Resources,
  home: "definitions" | "components/schemas",
): MessageModels {
  const declared = new Map<string, Tree>();
  const byName = new Map<string, Tree>();
  for (const model of resources.belongingTo("AWS::ApiGatewayV2::Model", socket.id)) {
    const written = memberOf(model.properties, "Schema");
    const schema = written?.kind === "scalar" ? readJsonText(written) : written;
    if (schema?.kind !== "map") continue;
    for (const { name, value } of membersOf(memberOf(schema, "definitions"))) {
      if (!declared.has(name)) declared.set(name, atHome(value, home));
    }
    const rest = membersOf(schema).filter(({ name }) => name !== "definitions" && name !== "$schema");
    const own = atHome(
      madeMap(
        schema,
        rest.map(({ name, value }) => [name, value]),
      ),
      home,
    );
    const name = nameOf(model);
    if (madeName.test(name)) byName.set(name, own);
    else {
      declared.set(name, own);
      byName.set(name, madeMap(schema, [["$ref", madeScalar(schema, `#/${home}/${name}`)]]));
    }
  }
  return { declared: [...declared], byName };
}

/** The name of the model that a route names, by its resource or its name. */
export function modelName(value: Tree | undefined, resources: Resources): string | undefined {
  const model = resources.get(logicalId(value));
  return model ? nameOf(model) : textOf(value);
}

/** With references into the document in the place of those into the schema's own definitions. */
function atHome(tree: Tree, home: string): Tree {
  switch (tree.kind) {
    case "scalar":
      return tree;
    case "list":
      return { ...tree, items: tree.items.map((item) => atHome(item, home)) };
    case "map":
      return madeMap(
        tree,
        membersOf(tree).map(({ name, value }) => {
          const target = name === "$ref" ? /^#\/definitions\/(.+)$/.exec(textOf(value) ?? "")?.[1] : undefined;
          return [name, target === undefined ? atHome(value, home) : madeScalar(value, `#/${home}/${target}`)];
        }),
      );
  }
}
