import { choice, duration, integer, key, list, map, on, type Shape, text } from "../shape/index.js";
import type { WafSyntax } from "../waf-syntax.js";
import { texts } from "./shared.js";

const addresses = (about: string) =>
  key(
    map("a set of addresses", {
      ips: key(texts("an IP address or CIDR block"), "IP addresses and CIDR blocks of callers.", {
        examples: [["203.0.113.0/24"]],
        on: on.rest,
      }),
    }),
    about,
    { on: on.rest },
  );

const size = (what: string) => key(integer(0, 10_485_760), `Most bytes of ${what}.`, { on: on.rest });

/** Rules in front of the API. */
export const waf = (): Shape<WafSyntax> =>
  map("rules of a firewall", {
    allow: addresses("Callers whom none of the other rules stops."),
    block: addresses("Callers who are refused."),
    rate: key(
      map(
        "a rate",
        {
          limit: key(integer(10, 2_000_000_000), "Requests of one address in one window; AWS takes 10 and more.", {
            on: on.rest,
            example: "limit: 2000",
          }),
          window: key(duration("s", { min: 60, max: 600 }), "How far back requests count: 1, 2, 5 or 10 minutes.", {
            default: 300,
            on: on.rest,
          }),
        },
        { required: ["limit"] },
      ),
      "How often one address may call. Whoever goes on calling stays refused.",
      { examples: [{ limit: 2000, window: "5m" }], on: on.rest },
    ),
    size: key(
      map("sizes", {
        path: size("the path"),
        query: size("the query"),
        headers: size("names and values of all headers together"),
        cookies: size("the cookies"),
        body: size("the body; one whose length is not announced is refused"),
      }),
      "How large the parts of a request may be.",
      { examples: [{ query: 2048, body: 65_536 }], on: on.rest },
    ),
    patterns: key(
      list(
        map(
          "a pattern",
          {
            in: key(choice(["path", "query", "header"]), "What is looked at.", { on: on.rest, example: "in: path" }),
            name: key(text("the name of a header"), "Name of the header; without it all are looked at.", {
              examples: ["User-Agent"],
              on: on.rest,
            }),
            match: key(
              text("a regular expression"),
              "Regular expression; a request in which it is found is refused. Letters are compared without case, percent sequences are decoded.",
              { on: on.rest, example: "match: etc/passwd" },
            ),
          },
          { required: ["in", "match"] },
        ),
        "a list of patterns",
      ),
      "What no request may contain.",
      { examples: [[{ in: "path", match: "/etc/passwd" }]], on: on.rest },
    ),
  });
