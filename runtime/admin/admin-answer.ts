import type { Measures } from "../observe/measures.js";
import { prometheusText } from "../observe/prometheus.js";
import { type AdminAnswer, AdminProblem, type AdminRequest } from "./admin-message.js";
import type { AdminTarget } from "./admin-target.js";
import { consoleAnswer } from "./console/console-answer.js";
import { controlPlane } from "./control/operations.js";

/** Answers a request to the admin port of one process. @throws AdminProblem */
export function adminAnswer(target: AdminTarget, request: AdminRequest): AdminAnswer | Promise<AdminAnswer> {
  if (request.path === "/metrics") return metricsAnswer(request, target.measures);
  return consoleAnswer(target, request) ?? controlPlane(target, request);
}

/** @param measures  undefined: nothing is measured @throws AdminProblem */
export function metricsAnswer({ method }: AdminRequest, measures: Measures | undefined): AdminAnswer {
  if (method !== "GET") throw new AdminProblem(405, "MethodNotAllowed", "metrics are read with GET");
  if (measures === undefined) throw new AdminProblem(404, "NotFoundException", "nothing is measured");
  return {
    status: 200,
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    body: prometheusText(measures),
  };
}
