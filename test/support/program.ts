export { answerKey, testProgram, testRoute } from "../../scripts/conformance/program.js";
