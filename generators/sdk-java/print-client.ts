import { javaString, javaWords } from "./java-text.js";
import type { JavaAlternative, JavaOperation, JavaPlan, JavaResult } from "./plan.js";
import { builderText, type Component, recordHead } from "./print-models.js";

/** The record of an operation's request. */
export function requestText({ request, input, javaMethod }: JavaOperation): string {
  const components: readonly Component[] = input.map((member) => ({ ...member, docs: member.description }));
  const calls = input.map(({ in: where, wireName, name, codec, of }) => {
    if (where === "method") return `.method(${name})`;
    if (where === "body") return of === "bytes" ? `.raw(${name})` : `.body(${codec}, ${name})`;
    return `.${where}(${javaString(wireName)}, ${codec}, ${name})`;
  });
  const checks = input
    .filter(
      ({ when, missing, nullable, of }) => when === "required" && missing === undefined && !nullable && of !== "method",
    )
    .map(
      ({ name }) =>
        `        if (${name} == null) throw new IllegalArgumentException(${javaString(`${name} is required`)});\n`,
    );
  return `${recordHead(request ?? "", `What ${javaMethod} takes.`, components, [])}    Arguments arguments() {
${checks.join("")}        return new Arguments()${calls.map((call) => `\n                ${call}`).join("")};
    }
${builderText(request ?? "", components)}}
`;
}

/** The client with its builder and the descriptions of its calls. */
export function clientText(plan: JavaPlan): string {
  const { client, stages, credentials, isSigned } = plan;
  const setters = credentials.map(({ name, setter, uses }) => {
    const places = [
      ...new Set(uses.map(({ place, key }) => `the ${place === "query" ? "query parameter" : "header"} ${key}`)),
    ];
    return `
        /** Sent in ${javaWords(places.join(", "))}, by the calls that need it and by no other. */
        public Builder ${setter}(Credential credential) {
            caller.credentials.put(${javaString(name)}, credential);
            return this;
        }
`;
  });
  const iam = isSigned
    ? `
        /** Signs the calls of routes with IAM authorization. */
        public Builder iam(SigV4 signer) {
            caller.iam = signer;
            return this;
        }
`
    : "";
  return `/** Makes the calls of the API ${javaWords(plan.title)}. It may be used by many threads at once. */
public final class ${client} {
    private final Caller caller;

    private ${client}(Caller caller) {
        this.caller = caller;
    }

    /** Stages of the API; the first is the default. */
    public enum Stage {
${stages.map(({ name, stage, url }) => `        /** ${javaWords(stage)} */\n        ${name}(${javaString(stage)}, ${javaString(url)})`).join(",\n")};

        private final String name;
        private final String url;

        Stage(String name, String url) {
            this.name = name;
            this.url = url;
        }

        /** Where the stage is. */
        public String url() {
            return url;
        }

        /** Where API Gateway serves the stage of an API, for {@code baseUrl}. */
        public String awsUrl(String apiId, String region) {
            String path = name.equals("$default") ? "" : "/" + name;
            return "https://" + apiId + ".execute-api." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : "") + path;
        }
    }

    /** Makes a client step by step. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a client step by step. */
    public static final class Builder {
        private final Caller caller = new Caller();

        private Builder() {
            caller.baseUrl = Stage.${stages[0]?.name ?? "DEV"}.url();
        }

        /** Calls a stage. */
        public Builder stage(Stage stage) {
            return baseUrl(stage.url());
        }

        /** Calls another address than the stage's. */
        public Builder baseUrl(String address) {
            caller.baseUrl = address;
            return this;
        }

        /** How often a call is tried again; the default is 2. */
        public Builder retries(int count) {
            caller.retries = count;
            return this;
        }

        /** Limits one attempt; the default is 30 seconds. */
        public Builder timeout(Duration limit) {
            caller.timeout = limit;
            return this;
        }

        /** Limits a call with its attempts and pauses; without it nothing does. */
        public Builder totalTimeout(Duration limit) {
            caller.totalTimeout = limit;
            return this;
        }

        /** How long the first pause is at most, and how long any. */
        public Builder retryDelay(Duration first, Duration longest) {
            caller.retryDelay = first;
            caller.maxRetryDelay = longest;
            return this;
        }

        /** Sends requests by a client of one's own, which should not follow redirects. */
        public Builder httpClient(HttpClient http) {
            caller.http = http;
            return this;
        }

        /** Sends a header besides. */
        public Builder header(String name, String value) {
            caller.headers.put(name, value);
            return this;
        }

        /** Puts a layer around every attempt; the first one that is given is the outermost. */
        public Builder middleware(Middleware layer) {
            caller.middleware.add(layer);
            return this;
        }
${setters.join("")}${iam}
        /** The finished client. */
        public ${client} build() {
            if (caller.http == null) caller.http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
            return new ${client}(caller);
        }
    }

    /** No credential. */
    @Override
    public String toString() {
        return "${client}(" + caller.baseUrl + ")";
    }
${plan.operations.map(operationText).join("")}}
`;
}

export function resultType(result: JavaResult): string {
  switch (result.kind) {
    case "none":
      return "void";
    case "bytes":
      return "byte[]";
    case "value":
      return result.type;
    default:
      return "Object";
  }
}

function readerOf(result: JavaResult): string {
  switch (result.kind) {
    case "none":
      return "answer -> null";
    case "bytes":
      return "answer -> answer.bytes";
    case "anything":
      return "answer -> answer.anything()";
    case "value":
      return `answer -> answer.decoded(${result.codec})`;
    case "several": {
      const cases = result.bodies.map(
        ({ status, codec }) =>
          `            if (answer.status == ${status}) return ${codec === undefined ? "answer.bytes" : `answer.decoded(${codec})`};\n`,
      );
      return `answer -> {\n${cases.join("")}            return null;\n        }`;
    }
  }
}

function operationText(operation: JavaOperation): string {
  const {
    javaMethod,
    asyncMethod,
    constant,
    request,
    result,
    stream,
    events,
    pages,
    summary,
    description,
    route,
    deprecated,
  } = operation;
  const type = resultType(result);
  const boxed = type === "void" ? "Void" : type;
  const words = javaWords([summary ?? "", description ?? ""].filter((part) => part !== "").join(" "));
  const headOf = (more: string) =>
    `    /** ${words === "" ? "" : `${words.replace(/\.$/, "")}. `}Route ${javaWords(route)}${more}. */\n${deprecated ? "    @Deprecated\n" : ""}`;
  const head = headOf("");
  const taken = request === undefined ? "" : `${request} request`;
  const withOptions = request === undefined ? "RequestOptions options" : `${taken}, RequestOptions options`;
  const args = request === undefined ? "new Arguments()" : "request.arguments()";
  const none = request === undefined ? "RequestOptions.NONE" : "request, RequestOptions.NONE";
  const given = request === undefined ? "options" : "request, options";
  const read = readerOf(result);
  const back = type === "void" ? "" : "return ";
  const two = (returns: string, name: string, body: string, prefix = "return ", above = head) => `
${above}    public ${returns} ${name}(${taken}) {
        ${prefix}${name}(${none});
    }

${head}    public ${returns} ${name}(${withOptions}) {
        ${body}
    }
`;
  const alternativeText = (other: JavaAlternative) => {
    const written = resultType(other.result);
    const returns = written === "void" ? "" : "return ";
    const above = headOf(`, with an answer of the media type ${javaWords(other.mediaType)}`);
    const accepting = `options.header("accept", ${javaString(other.mediaType)})`;
    const call = `return caller.start(${constant}, ${argumentsOf(request, args)}, ${accepting}, false, ${readerOf(other.result)});`;
    return [
      two(written, other.javaMethod, `${returns}Caller.join(${other.asyncMethod}(${given}));`, returns, above),
      two(`CompletableFuture<${written === "void" ? "Void" : written}>`, other.asyncMethod, call, "return ", above),
    ].join("");
  };
  return [
    `\n    private static final Operation ${constant} = ${descriptorText(operation)};\n`,
    two(type, javaMethod, `${back}Caller.join(${asyncMethod}(${given}));`, back),
    two(
      `CompletableFuture<${boxed}>`,
      asyncMethod,
      `return caller.start(${constant}, ${argumentsOf(request, args)}, options, false, ${read});`,
    ),
    ...operation.alternatives.map(alternativeText),
    stream === undefined
      ? ""
      : two(
          "InputStream",
          stream,
          `return Caller.join(caller.start(${constant}, ${argumentsOf(request, args)}, options, true, answer -> answer.stream));`,
        ),
    events === undefined
      ? ""
      : two(
          "EventStream",
          events,
          `return new EventStream(caller, ${constant}, ${argumentsOf(request, args)}, options);`,
        ),
    pages === undefined
      ? ""
      : two(
          `PageIterable<${boxed}>`,
          pages.pages,
          `return caller.pages(${constant}, ${argumentsOf(request, args)}, options, ${read});`,
        ) +
        two(
          `PageIterable<${pages.item.type}>`,
          pages.items,
          `return caller.items(${constant}, ${argumentsOf(request, args)}, options, ${pages.item.codec});`,
        ),
  ].join("");
}

function argumentsOf(request: string | undefined, args: string): string {
  return request === undefined ? "Arguments::new" : args.replace("request.arguments()", "request::arguments");
}

function descriptorText(operation: JavaOperation): string {
  const { body, binaryStatuses, credentials, pagination, failures, otherCodec } = operation;
  const text = (value: string | undefined) => (value === undefined ? "null" : javaString(value));
  const segments = operation.path.map((segment) =>
    segment.kind === "static"
      ? `new Operation.Segment(${javaString(segment.text)}, null, false)`
      : `new Operation.Segment(null, ${javaString(segment.name)}, ${segment.kind === "greedy"})`,
  );
  const head = [javaString(operation.operation), text(operation.method), javaString(operation.accept), ...segments];
  const uses = credentials.map(
    ({ name, place, key, authorizer }) =>
      `new Operation.Use(${javaString(name)}, ${place === "query"}, ${javaString(key)}, ${javaString(authorizer ?? "")})`,
  );
  const list = (names: readonly string[]) => `List.of(${names.map(javaString).join(", ")})`;
  const paged =
    pagination &&
    `new Operation.Pages(${javaString(pagination.cursor)}, ${pagination.next.in === "header" ? `${javaString(pagination.next.name)}, List.of()` : `null, ${list(pagination.next.path)}`}, ${list(pagination.items)})`;
  const calls = [
    ...(body ? [`body(${javaString(body.encoding)}, ${text(body.contentType)})`] : []),
    ...(binaryStatuses.length > 0 ? [`binary(${binaryStatuses.join(", ")})`] : []),
    ...(operation.hasRedirects ? ["redirects()"] : []),
    ...(operation.isSigned ? ["signed()"] : []),
    ...(operation.hasIdempotencyKey ? ["newKey()"] : []),
    ...(uses.length > 0 ? [`auth(${uses.join(", ")})`] : []),
    ...(paged ? [`pages(${paged})`] : []),
    ...failures.map(({ status, codec }) => `error(${status}, ${codec})`),
    ...(otherCodec === undefined ? [] : [`other(${otherCodec})`]),
  ];
  return `new Operation(${head.join(", ")})${calls.map((call) => `\n            .${call}`).join("")}`;
}
