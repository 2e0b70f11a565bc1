/**
 * openapi-typescript's transform of one schema. A module of its own, as it is bundled when this package is compiled
 * (scripts/compile/commands.mjs): read as it is published it imports TypeScript as an ES module, of which Node then reads all nine
 * megabytes for names of exports, which takes longer than all types of a large API.
 */
import type { transformSchemaObject } from "openapi-typescript";
// @ts-expect-error the module has no declarations of its own; the package exports the same function with its type
import transform from "openapi-typescript/dist/transform/schema-object.mjs";

export const transformSchema: typeof transformSchemaObject = transform;
