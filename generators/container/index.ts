import { defineGenerator } from "../define-generator.js";
import { planContainer } from "./plan.js";
import { printContainer } from "./print.js";

/** A Dockerfile, a compose file and Kubernetes manifests that carry the generated gateway. */
export const container = defineGenerator("container", planContainer, printContainer);
