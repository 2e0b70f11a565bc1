import { javaString, javaWords } from "./java-text.js";
import type { JavaPlan } from "./plan.js";
import type { JavaSocket, JavaSocketEvent, JavaSocketRoute } from "./plan-socket.js";

/** The WebSocket client: messages, replies and events of this API. */
export function socketText({ client, stages, title }: JavaPlan, socket: JavaSocket): string {
  const { name, description } = socket;
  const about = javaWords(description ?? "");
  return `/** ${about === "" ? "" : `${about.replace(/\.$/, "")}. `}A connection to the WebSocket API of ${javaWords(title)} that opens itself again. Many threads may use it at once. */
public final class ${name} implements AutoCloseable {
    private static final SocketCaller.Description DESCRIPTION = ${descriptionText(socket)};

    private final SocketCaller<Event> live;

    private ${name}(Builder settings) {
        live = settings.live;
        Function<${name}, CompletableFuture<?>> hook = settings.hook;
        if (hook != null) live.onReopen = () -> hook.apply(this);
    }

${eventsText(socket)}${builderText(socket, client, stages)}
    /** Opens the connection; done with the first handshake. Listeners that are added before miss nothing. A refusal by a status such as 403 is final. */
    public CompletableFuture<Void> connect() {
        return live.connect();
    }

    /** Where the connection is. */
    public SocketLife.State state() {
        return live.state();
    }

    /** Listens to all events, which come one after the other. What is returned ends it. */
    public Runnable onEvent(Consumer<? super Event> listener) {
        return live.onEvent(event -> {
            listener.accept(event);
            return true;
        });
    }

    /** Listens to the life of the connection. What is returned ends it. */
    public Runnable watch(Consumer<SocketLife> watcher) {
        return live.watch(watcher);
    }

    /** Ends the connection for good. */
    @Override
    public void close() {
        live.close(1000, "");
    }

    /** Ends the connection for good, with a code (1000, or 3000 to 4999) and a reason. */
    public void close(int code, String reason) {
        live.close(code, reason);
    }

    /** No credential. */
    @Override
    public String toString() {
        return "${name}(" + live.url + ")";
    }
${socket.routes.map(routeText).join("")}${socket.events.map(listenText).join("")}}
`;
}

function descriptionText({ keyPath, messageBytes, frameBytes, isSigned, credentials }: JavaSocket): string {
  const uses = credentials.map(
    ({ name, place, key, authorizer }) =>
      `new Operation.Use(${javaString(name)}, ${place === "query"}, ${javaString(key)}, ${javaString(authorizer ?? "")})`,
  );
  const list = (items: readonly string[]) => `List.of(${items.join(", ")})`;
  return `new SocketCaller.Description(${list((keyPath ?? []).map(javaString))}, ${messageBytes}, ${frameBytes}, ${isSigned}, ${list(uses)})`;
}

/** `Event` and what decodes it. */
function eventsText({ events }: JavaSocket): string {
  const records = events.map(
    ({ name, type, data, description }) => `
        /**
         * ${javaWords(description ?? "") || `The event ${javaWords(name)}.`}
         *
         * @param data what it carries
         */
        record ${type}(${data.type} data) implements Event {}
`,
  );
  const cases = events.map(
    ({ name, type, data }) =>
      `                case ${javaString(name)}:\n                    return new Event.${type}(${data.codec}.decode(data));\n`,
  );
  return `    /** What the server sends on its own. */
    public sealed interface Event {
${records.join("")}
        /**
         * An event that is newer than this package, or whose data is not what the API declares.
         *
         * @param event its name
         * @param data as JSON values
         */
        record UnknownEvent(String event, Object data) implements Event {}
    }

    private static Event decode(String name, Object data) {
        try {
            switch (name) {
${cases.join("")}                default:
                    return new Event.UnknownEvent(name, data);
            }
        } catch (IllegalArgumentException undeclared) {
            return new Event.UnknownEvent(name, data);
        }
    }

`;
}

function builderText(
  { name, setters, isSigned, urls }: JavaSocket,
  client: string,
  stages: JavaPlan["stages"],
): string {
  const cases = urls.flatMap(({ stage, url }) => {
    const constant = stages.find((entry) => entry.stage === stage)?.name;
    return constant === undefined
      ? []
      : [`                case ${constant}:\n                    return url(${javaString(url)});\n`];
  });
  const own = setters.map(({ name: credential, setter, uses }) => {
    const places = uses.map(({ place, key }) => `the ${place === "query" ? "query parameter" : "header"} ${key}`);
    return `
        /** Sent with the handshake in ${javaWords([...new Set(places)].join(", "))}. */
        public Builder ${setter}(Credential credential) {
            live.credentials.put(${javaString(credential)}, credential);
            return this;
        }
`;
  });
  const iam = isSigned
    ? `
        /** Signs the handshake. */
        public Builder iam(SigV4 signer) {
            live.iam = signer;
            return this;
        }
`
    : "";
  return `    /** Makes a connection step by step. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes a connection step by step. */
    public static final class Builder {
        private final SocketCaller<Event> live = new SocketCaller<>(DESCRIPTION, ${name}::decode, event -> event instanceof Event.UnknownEvent);
        private Function<${name}, CompletableFuture<?>> hook;

        private Builder() {
            live.url = ${javaString(urls[0]?.url ?? "")};
        }

        /** Connects to another address than the stage's, with the stage. */
        public Builder url(String address) {
            live.url = address;
            return this;
        }

        /** Connects to a stage. */
        public Builder stage(${client}.Stage stage) {
            switch (stage) {
${cases.join("")}                default:
                    throw new IllegalArgumentException(stage + " has no WebSocket API");
            }
        }

        /** Sends a parameter with the handshake. */
        public Builder query(String name, String value) {
            live.query.put(name, value);
            return this;
        }

        /** Sends a header with the handshake. */
        public Builder header(String name, String value) {
            live.headers.put(name, value);
            return this;
        }

        /** Offers subprotocols. */
        public Builder subprotocols(List<String> offered) {
            live.protocols = List.copyOf(offered);
            return this;
        }

        /** Connects by a client of one's own. */
        public Builder httpClient(HttpClient http) {
            live.http = http;
            return this;
        }

        /** How often a lost connection is opened again in a row (10), the longest first pause (250 ms, doubled each time), and the longest (30 s). */
        public Builder reconnect(int attempts, Duration delay, Duration maxDelay) {
            live.attempts = attempts;
            live.delay = delay;
            live.maxDelay = maxDelay;
            return this;
        }

        /** Pause between two pings, below the gateway's ten minutes; five minutes, zero: none. */
        public Builder heartbeat(Duration every) {
            live.heartbeat = every;
            return this;
        }

        /** Age at which another connection takes over, below the gateway's two hours; 110 minutes, zero: never. */
        public Builder rollOver(Duration age) {
            live.rollOver = age;
            return this;
        }

        /** How long replies are waited for; 30 seconds. */
        public Builder replyTimeout(Duration limit) {
            live.replyTimeout = limit;
            return this;
        }

        /** How many messages may wait for the connection; 100. */
        public Builder queueLimit(int messages) {
            live.queueLimit = messages;
            return this;
        }

        /** Subscribes again after a loss or a roll-over, before messages that have been waiting are sent. */
        public Builder onReopen(Function<${name}, CompletableFuture<?>> subscribe) {
            hook = subscribe;
            return this;
        }
${own.join("")}${iam}
        /** The finished connection, not open yet. */
        public ${name} build() {
            if (live.http == null) live.http = HttpClient.newHttpClient();
            return new ${name}(this);
        }
    }
`;
}

function routeText({ key, description, send, message, request, isCorrelated }: JavaSocketRoute): string {
  const taken = `${message.type} message`;
  const given = `${javaString(key)}, ${message.codec}.encode(message)`;
  const about = said(description);
  const asks =
    request === undefined
      ? ""
      : `
    /** ${about}Sends to the route ${javaWords(key)} and waits for the reply. */
    public CompletableFuture<${request.reply.type}> ${request.name}(${taken}) {
        return ${request.name}(message, null);
    }

    /** ${about}Sends to the route ${javaWords(key)} and waits for the reply, so long and no longer. */
    public CompletableFuture<${request.reply.type}> ${request.name}(${taken}, Duration timeout) {
        return live.request(${given}, ${isCorrelated}, ${request.reply.codec}, timeout);
    }
`;
  return `
    /** ${about}Sends to the route ${javaWords(key)}; done when the message is on its way, for which it may wait for a connection. */
    public CompletableFuture<Void> ${send}(${taken}) {
        return live.send(${given});
    }
${asks}`;
}

function listenText({ name, description, listen, type, data }: JavaSocketEvent): string {
  return `
    /** ${said(description)}Listens to the event ${javaWords(name)}. What is returned ends it. */
    public Runnable ${listen}(Consumer<? super ${data.type}> listener) {
        return live.onEvent(event -> {
            if (!(event instanceof Event.${type} found)) return false;
            listener.accept(found.data());
            return true;
        });
    }
`;
}

function said(description: string | undefined): string {
  const text = javaWords(description ?? "").replace(/[.\s]*$/, "");
  return text === "" ? "" : `${text}. `;
}
