/** What is wrong with the answer of an authorizer's function; for the log, never for the client. */
export class ResultProblem extends Error {}
