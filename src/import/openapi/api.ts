import { typeText } from "../../../generators/emit/type-text.js";
import type { ApiKind } from "../../model/gateway-model.js";
import type { Type } from "../../model/types.js";
import type { Importing } from "../importing.js";
import type { CloudPlace } from "../intrinsics.js";
import { cloudText } from "../intrinsics.js";
import type { Schemas } from "../schemas.js";
import type { Tree } from "../tree.js";
import type { Variables } from "../variables.js";
import type { Functions } from "./functions.js";
import type { Security } from "./security.js";

/** What the readers of an OpenAPI document share. */
export interface Api {
  readonly importing: Importing;
  readonly kind: ApiKind;
  /** Swagger 2.0, whose parameters and responses have their schemas in place. */
  readonly isSwagger: boolean;
  /** Whether the document has extensions of API Gateway: what they do not say has AWS's defaults then. */
  readonly isAws: boolean;
  readonly schemas: Schemas;
  readonly functions: Functions;
  readonly variables: Variables;
  readonly place: CloudPlace;
  readonly security: Security;
  /** Integrations that the document names for several operations. */
  readonly shared: Tree | undefined;
  /** Comments about paths that API Gateway does not take. */
  readonly leftOutPaths: string[];
  /** Name of the path parameter at each place of the tree. */
  readonly pathNames: Map<string, string>;
}

/** A text of the document; what CloudFormation fills in is a stage variable. */
export function textIn(tree: Tree | undefined, api: Pick<Api, "place" | "variables">): string | undefined {
  const text = cloudText(tree, api.place, api.variables);
  return text === undefined ? undefined : api.variables.scan(text);
}

/** The text of a template; what is none is told. */
export function templateIn(tree: Tree, api: Api): string | undefined {
  const text = textIn(tree, api);
  if (text === undefined) api.importing.wrongType(tree, "a template", "a text");
  return text;
}

/** A type as gateway.yaml writes it: on one line where that can be read. */
export function typeExpression(type: Type): string {
  const text = typeText(type, { scalars: "gateway" });
  if (!text.includes("\n") || text.includes("/**")) return text;
  const line = text.replaceAll(/;\n\s*\}/g, " }").replaceAll(/\n\s*/g, " ");
  return line.length <= 100 ? line : text;
}
