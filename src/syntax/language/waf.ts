import { choice, duration, integer, key, list, map, on, type Shape, text } from "../shape/index.js";
import type { WafSyntax } from "../waf-syntax.js";
import { texts } from "./shared.js";

const addresses = (about: string, example: string) =>
  key(
    map("a set of addresses", {
      ips: key(texts("an IP address or CIDR block"), "IP addresses and CIDR blocks of callers.", {
        examples: [["203.0.113.0/24"]],
        on: on.rest,
      }),
    }),
    about,
    { examples: [{ ips: [example] }], on: on.rest },
  );

const size = (what: string, example: number) =>
  key(integer(0, 10_485_760), `Most bytes of ${what}.`, { examples: [example], on: on.rest });

/** Rules in front of the API. */
export const waf = (): Shape<WafSyntax> =>
  map("rules of a firewall", {
    allow: addresses("Callers whom none of the other rules stops.", "10.0.0.0/8"),
    block: addresses("Callers who are refused.", "198.51.100.0/24"),
    rate: key(
      map(
        "a rate",
        {
          limit: key(integer(10, 2_000_000_000), "Requests of one address in one window; AWS takes 10 and more.", {
            examples: [2000],
            on: on.rest,
          }),
          window: key(duration("s", { min: 60, max: 600 }), "How far back requests count: 1, 2, 5 or 10 minutes.", {
            default: "5m",
            examples: ["1m"],
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
        path: size("the path", 1_024),
        query: size("the query", 2_048),
        headers: size("names and values of all headers together", 8_192),
        cookies: size("the cookies", 4_096),
        body: size("the body; one whose length is not announced is refused", 65_536),
      }),
      "How large the parts of a request may be.",
      { examples: [{ query: 2048, body: 65_536 }], on: on.rest },
    ),
    patterns: key(
      list(
        map(
          "a pattern",
          {
            in: key(choice(["path", "query", "header"]), "What is looked at.", { on: on.rest }),
            name: key(text("the name of a header"), "Name of the header; without it all are looked at.", {
              examples: ["User-Agent"],
              on: on.rest,
            }),
            match: key(
              text("a regular expression"),
              "Regular expression; a request in which it is found is refused. Letters are compared without case, percent sequences are decoded.",
              { examples: ["/etc/passwd"], on: on.rest },
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
