import { defineGenerator } from "../define-generator.js";
import { planOpenApi } from "./plan.js";
import { printOpenApi } from "./print.js";

/** OpenAPI 3.0 for AWS API Gateway, with its extensions, and a clean document for consumers. */
export const openapi = defineGenerator("openapi", planOpenApi, printOpenApi);
