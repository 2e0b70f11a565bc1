import { noDocs } from "../../src/model/types.js";
import { propertyName } from "../emit/code-literal.js";
import { docComment } from "../emit/doc-comment.js";
import { camelName, freeName } from "../emit/names.js";
import { wrappedNames } from "./import-names.js";
import type { NamedOperation, SdkPlan } from "./plan.js";
import { apiImports, functionsOf, methodsText, titleText } from "./print-api.js";

/** Operations with one tag, under a name that its object has. */
interface Group {
  readonly name: string;
  readonly tag: string;
  readonly operations: readonly NamedOperation[];
}

/** Whether there is something to group by. */
export function hasGroups({ operations }: SdkPlan): boolean {
  return operations.some(({ tags }) => tags.length > 0);
}

/** In the order in which the file names them; an operation with several tags stands in each group. */
function groupsOf({ operations }: SdkPlan): readonly Group[] {
  const untagged = operations.filter(({ tags }) => tags.length === 0).flatMap(functionsOf);
  const taken = new Set([...untagged, ...Object.getOwnPropertyNames(Object.prototype)]);
  return [...new Set(operations.flatMap(({ tags }) => tags))].map((tag) => {
    const name = freeName(camelName(tag) || "group", "Group", (candidate) => taken.has(candidate));
    taken.add(name);
    return { name, tag, operations: operations.filter(({ tags }) => tags.includes(tag)) };
  });
}

/** `groups.js`: operations as methods of objects, by their tags: `api.orders.getOrder({ id })`. */
export function printGroups(plan: SdkPlan): string {
  const { operations } = plan;
  const names = operations.flatMap(functionsOf);
  const groups = groupsOf(plan).map(
    (group) =>
      `  ${propertyName(group.name)}: {${wrappedNames(group.operations.flatMap(functionsOf))
        .replace(/\n(?=.)/g, "\n  ")
        .replace(/\n$/, "\n  ")}},\n`,
  );
  const others = operations.filter(({ tags }) => tags.length === 0).flatMap(functionsOf);
  return `import { createClient } from "./client.js";
import {${wrappedNames(names)}} from "./operations.js";

const groups = {
${groups.join("")}${others.map((name) => `  ${name},\n`).join("")}};

export function createGroups(options) {
  const client = createClient(options);
  const bound = (operations) =>
    Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [
        name,
        typeof operation === "object" ? bound(operation) : (input, more) => operation(client, input, more),
      ]),
    );
  return bound(groups);
}
`;
}

export function printGroupTypes(plan: SdkPlan): string {
  const groups = groupsOf(plan).map(({ name, tag, operations }) => {
    const comment = docComment({ docs: { ...noDocs, description: `Operations with the tag ${tag}.` }, tags: [] }, "  ");
    const methods = operations.map((operation) => methodsText(operation, plan, "    ")).join("");
    return `${comment}  readonly ${propertyName(name)}: {\n${methods}  };\n`;
  });
  const others = plan.operations
    .filter(({ tags }) => tags.length === 0)
    .map((operation) => methodsText(operation, plan));
  return `${apiImports(plan)}
/** All operations of ${titleText(plan)} by their tags; those that have none stand beside the groups. */
export interface Groups {
${groups.join("")}${others.join("")}}

/** A client and its operations in objects, by their tags. Bundlers keep all of it: import single operations where size counts. */
export declare function createGroups(options?: ClientOptions): Groups;
`;
}
