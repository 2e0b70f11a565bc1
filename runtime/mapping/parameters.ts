import type { Exchange } from "../http/exchange.js";

/** Reads one mapped value; undefined when the source is absent, and then the parameter is not sent. */
export type ParameterSource = (exchange: Exchange) => string | readonly string[] | undefined;
