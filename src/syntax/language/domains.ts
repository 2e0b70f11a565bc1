import type { DomainSyntax } from "../gateway-syntax.js";
import { boolean, byKind, choice, entries, key, map, mapped, on, type Shape, text } from "../shape/index.js";
import { name, namedTexts } from "./shared.js";

/** What clients see of a domain. */
const certificateFields = {
  certificate: key(text("a path"), "Certificate chain, PEM: a path, or `${env.NAME}`.", {
    examples: ["${env.CERT}"],
    on: on.nodeOnly,
  }),
  key: key(text("a path"), "Private key, PEM: a path, or `${env.NAME}`.", {
    examples: ["${env.CERT_KEY}"],
    on: on.nodeOnly,
  }),
};

const acmExample = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const certificateArn = key(text("an ARN"), "Certificate in ACM.", { examples: [acmExample], on: on.awsOnly });

const domainForm = map("a domain", {
  tls: key(
    map(
      "TLS settings",
      {
        ...certificateFields,
        clientCa: key(text("a path"), "Certificates that clients' certificates must be signed by: mutual TLS.", {
          examples: ["./clients.pem"],
          on: on.nodeOnly,
        }),
      },
      { required: ["certificate", "key"], synonyms: { cert: "certificate", ca: "clientCa" } },
    ),
    "Certificates of the generated gateway.",
    { examples: [{ certificate: "./cert.pem", key: "./key.pem" }], on: on.nodeOnly },
  ),
  securityPolicy: key(
    choice(["TLS_1_0", "TLS_1_2", "TLS_1_3"]),
    "Oldest version of TLS that clients may speak. TLS_1_2 speaks 1.3 too.",
    { default: "TLS_1_2" },
  ),
  aws: key(
    map(
      "AWS's settings of a domain",
      {
        certificateArn,
        truststoreUri: key(text("an S3 URI"), "Trust store in S3 for mutual TLS.", {
          examples: ["s3://bucket/clients.pem"],
          on: on.awsOnly,
        }),
      },
      { synonyms: { certificate: "certificateArn", arn: "certificateArn" } },
    ),
    "Certificates on AWS.",
    { examples: [{ certificateArn: acmExample }], on: on.awsOnly },
  ),
  cdn: key(
    boolean(),
    "A CloudFront distribution has the domain's name, in front of the stages; the API is regional then. It keeps what the stage caches.",
    { default: false, on: on.restAndHttpOnAws },
  ),
  paths: key(
    namedTexts("a map from base paths to stages", text("the name of a stage")),
    'Base path → stage. `""` is the root.',
    {
      examples: [{ v1: "prod", v2: "next" }],
    },
  ),
});

export const domains = (): Shape<readonly DomainSyntax[]> =>
  entries(domainForm, "a map of domains", (name, members, { span }) => {
    const { paths, ...rest } = members ?? domainForm.none(span);
    return { ...rest, paths: paths ?? [], name };
  });

const socketDomainForm = map(
  "a domain of a WebSocket API",
  {
    name: key(name("a domain name"), "The domain.", { examples: ["live.example.com"], on: on.webSocket }),
    tls: key(
      map("TLS settings", certificateFields, {
        required: ["certificate", "key"],
        synonyms: { cert: "certificate" },
        otherwise: {
          clientCa: "leave it out: AWS has no mutual TLS for WebSocket APIs; let $connect's authorizer decide",
        },
      }),
      "Certificate of the generated gateway. TLS 1.2 and above are spoken; AWS has no mutual TLS for WebSocket APIs.",
      { examples: [{ certificate: "./cert.pem", key: "./key.pem" }], on: on.nodeOnly },
    ),
    aws: key(
      map(
        "AWS's settings of a domain",
        { certificateArn },
        { synonyms: { certificate: "certificateArn", arn: "certificateArn" } },
      ),
      "Certificate on AWS.",
      { examples: [{ certificateArn: acmExample }], on: on.awsOnly },
    ),
    paths: key(
      namedTexts("a map from base paths to stages", text("the name of a stage")),
      'Base path → stage. `""` is the root. By default the first stage is at the root, others are below their names.',
      { examples: [{ "": "prod", next: "next" }], on: on.webSocket },
    ),
  },
  {
    required: ["name"],
    synonyms: { domain: "name" },
    otherwise: { cdn: "leave it out: the template puts CloudFront in front of REST and HTTP APIs only" },
  },
);

/** The domain's name, or a map that has it. */
export const socketDomain = (): Shape<DomainSyntax | undefined> =>
  byKind<DomainSyntax | undefined>(
    {
      scalar: mapped(name("a domain name"), (domain) =>
        domainOf({ ...socketDomainForm.none(domain.span), name: domain }),
      ),
      map: mapped(socketDomainForm, domainOf),
    },
    "a domain name, or a map with name, tls, aws or paths",
  );

/** Without a name it has been reported. */
function domainOf({ name, tls, aws, paths, span }: ReturnType<typeof socketDomainForm.none>): DomainSyntax | undefined {
  if (name === undefined) return undefined;
  return {
    span,
    name,
    tls: tls && { ...tls, clientCa: undefined },
    securityPolicy: undefined,
    aws: aws && { ...aws, truststoreUri: undefined },
    cdn: undefined,
    paths: paths ?? [],
  };
}
