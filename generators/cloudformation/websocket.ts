import type { GatewayModel, Stage } from "../../src/model/gateway-model.js";
import type { Integration, IntegrationResponse } from "../../src/model/integrations.js";
import type { JsonValue, Type } from "../../src/model/types.js";
import { asRestRoute, connectKey, type WebSocketApi, type WebSocketRoute } from "../../src/model/websocket.js";
import { lambdaAddresses } from "../emit/aws-names.js";
import { referenceText } from "../emit/aws-text.js";
import { jsonSchemaOf } from "../emit/json-schema.js";
import { isJsonObject, type JsonObject, jsonObject, merged, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { planIntegration } from "../openapi/aws-integration.js";
import { type Cloud, inCloud, nowhere } from "./cloud.js";
import { certificateOf, planDomainOutput, planLogRole, tlsPolicy } from "./rest.js";
import {
  accessLogSetting,
  deploymentOf,
  logLevels,
  planDeployment,
  stageId,
  variablesOf,
  webSocketApi,
} from "./stages.js";
import { digest, logicalName, sub, type Template } from "./template.js";

const api = webSocketApi;

/** The WebSocket API of the file: an API of its own on AWS, on stages of the same names. */
export function planWebSocketApi(model: GatewayModel, socket: WebSocketApi, cloud: Cloud, template: Template): void {
  const own = jsonObject({
    Name: socket.name,
    ProtocolType: "WEBSOCKET",
    Description: socket.description,
    DisableExecuteApiEndpoint: model.disableExecuteApiEndpoint ? true : undefined,
    RouteSelectionExpression: socket.selection.text,
    ...(socket.apiKeyRequired ? { ApiKeySelectionExpression: keyPlaces[model.apiKeySource] } : {}),
  });
  // A REST API beside it has made the role.
  if (model.kind === "http") planLogRole(model, template);
  const properties = merged(own, socket.awsOptions);
  template.resource(api, "AWS::ApiGatewayV2::Api", properties);
  const authorizer = planAuthorizer(model, socket, cloud, template);
  const parts: JsonValue[] = [properties, ...(authorizer ? [authorizer.content] : [])];
  const ids: string[] = [];
  for (const route of socket.routes) {
    const planned = planRoute(route, socket, authorizer?.id, model, cloud, template);
    ids.push(...planned.ids);
    parts.push(planned.content);
  }
  const newest = planDeployment(api, "AWS::ApiGatewayV2::Deployment", parts, { ApiId: { Ref: api } }, ids, template);
  for (const stage of model.stages) {
    const id = stageId(api, stage.name);
    template.resource(
      id,
      "AWS::ApiGatewayV2::Stage",
      jsonObject({
        ApiId: { Ref: api },
        StageName: stage.name === "$default" ? "default" : stage.name,
        Description: stage.description,
        DeploymentId: deploymentOf(api, stage, newest, template),
        StageVariables: unlessEmpty(variablesOf(stage.variables, cloud)),
        DefaultRouteSettings: settingsOf(stage.log, stage.throttle, stage),
        RouteSettings: unlessEmpty(routeSettings(socket, stage)),
        AccessLogSettings: accessLogSetting(id, stage.socketAccessLog, template),
      }),
    );
    const name = stage.name === "$default" ? "default" : stage.name;
    template.output(
      `${id}Url`,
      `Address of WebSockets on the stage ${stage.name}.`,
      sub(`wss://\${${api}}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${name}`),
    );
  }
  planDomain(socket, cloud, template);
}

const keyPlaces = {
  HEADER: "$request.header.x-api-key",
  AUTHORIZER: "$context.authorizer.usageIdentifierKey",
} as const;

/** A route with settings of its own has them all: nothing is inherited. */
function routeSettings(socket: WebSocketApi, stage: Stage): JsonObject {
  return objectOf(
    socket.routes.flatMap((route) => {
      const set = stage.routes.find(({ routeKey }) => routeKey === route.key);
      const throttle = set?.throttle ?? route.throttle;
      const log = set?.log ?? route.log;
      return throttle || log
        ? [[route.key, settingsOf(log ?? stage.log, throttle ?? stage.throttle, stage)] as const]
        : [];
    }),
  );
}

function settingsOf(log: Stage["log"], throttle: Stage["throttle"], { metrics }: Stage): JsonObject {
  return jsonObject({
    LoggingLevel: logLevels[log],
    DataTraceEnabled: log === "debug",
    DetailedMetricsEnabled: metrics === "detailed" ? true : undefined,
    ThrottlingRateLimit: throttle?.rate,
    ThrottlingBurstLimit: throttle?.burst,
  });
}

/** REQUEST authorizers are all that WebSocket APIs have; they are asked at `$connect`. */
function planAuthorizer(
  { authorizers, ...model }: GatewayModel,
  { authorization }: WebSocketApi,
  cloud: Cloud,
  template: Template,
): { readonly id: string; readonly content: JsonValue } | undefined {
  const declared = authorizers.find(({ name }) => authorization.kind === "authorizer" && name === authorization.name);
  if (declared?.kind !== "lambda") return undefined;
  const id = `${api}${logicalName(declared.name)}Authorizer`;
  const addresses = lambdaAddresses({ ...model, authorizers, aws: nowhere });
  const content = {
    ApiId: { Ref: api },
    Name: declared.name,
    AuthorizerType: "REQUEST",
    AuthorizerUri: cloud.text(addresses.invocationUri(declared.function)),
    IdentitySource: declared.identity.map((source) => {
      const text = referenceText(source);
      return text.startsWith("request.") ? `route.${text}` : text;
    }),
  };
  template.resource(id, "AWS::ApiGatewayV2::Authorizer", content);
  return { id, content };
}

interface PlannedRoute {
  /** The route and its responses: a deployment that is made before they are there is one without them. */
  readonly ids: readonly string[];
  /** What a deployment freezes; when it changes there has to be a new one. */
  readonly content: JsonValue;
}

function planRoute(
  route: WebSocketRoute,
  socket: WebSocketApi,
  authorizer: string | undefined,
  model: GatewayModel,
  cloud: Cloud,
  template: Template,
): PlannedRoute {
  const name = idPart(route);
  const id = `${api}${name}Route`;
  const integration = `${api}${name}Integration`;
  const document = planIntegration(
    asRestRoute(route, socket),
    { ...model, kind: "rest", cors: undefined, aws: nowhere },
    lambdaAddresses({ ...model, aws: nowhere }),
  );
  const content = inCloud(integrationProperties(document, route), cloud) as JsonObject;
  template.resource(integration, "AWS::ApiGatewayV2::Integration", { ApiId: { Ref: api }, ...content });
  const isConnect = route.key === connectKey;
  const messages = messageSchemas(route, model).map((each) => planModel(each, template));
  const isIam = isConnect && socket.authorization.kind === "iam";
  const own = jsonObject({
    ApiId: { Ref: api },
    RouteKey: route.key,
    OperationName: route.operation,
    Target: sub(`integrations/\${${integration}}`),
    AuthorizationType: isIam ? "AWS_IAM" : isConnect && authorizer ? "CUSTOM" : "NONE",
    AuthorizerId: isConnect && authorizer ? { Ref: authorizer } : undefined,
    ApiKeyRequired: isConnect && socket.apiKeyRequired ? true : undefined,
    RequestParameters: unlessEmpty(routeParameters(content["RequestParameters"])),
    RouteResponseSelectionExpression: route.reply ? "$default" : undefined,
    ...messageModels(route),
  });
  const properties = merged(own, route.awsOptions);
  template.resource(
    id,
    "AWS::ApiGatewayV2::Route",
    properties,
    messages.length > 0 ? { DependsOn: messages.map((message) => message.id) } : {},
  );
  const responses = planResponses(route.integration, document, integration, name, cloud, template);
  const ids = [id, ...responses.map((response) => response.id)];
  if (route.reply) {
    const reply = `${api}${name}RouteResponse`;
    template.resource(reply, "AWS::ApiGatewayV2::RouteResponse", {
      ApiId: { Ref: api },
      RouteId: { Ref: id },
      RouteResponseKey: "$default",
    });
    ids.push(reply);
  }
  const schemas = messages.map(({ schema }) => schema);
  return { ids, content: [properties, content, ...schemas, ...responses.map((response) => response.properties)] };
}

/** What OpenAPI has as an extension, CloudFormation has as properties. */
export function integrationProperties(
  document: JsonObject,
  { integration, templateSelection }: WebSocketRoute,
): JsonObject {
  const {
    type,
    uri,
    httpMethod,
    credentials,
    requestTemplates,
    requestParameters,
    passthroughBehavior,
    contentHandling,
  } = document;
  const { timeoutInMillis, connectionType, connectionId } = document;
  return jsonObject({
    IntegrationType: String(type).toUpperCase(),
    IntegrationUri: uri,
    IntegrationMethod: httpMethod,
    CredentialsArn: credentials,
    ConnectionType: connectionType,
    ConnectionId: connectionId,
    RequestTemplates: requestTemplates && selected(requestTemplates, templateSelection !== undefined),
    TemplateSelectionExpression: requestTemplates ? (templateSelection?.text ?? "\\$default") : undefined,
    RequestParameters: requestParameters && ofRoute(requestParameters),
    PassthroughBehavior: passthroughBehavior === undefined ? undefined : String(passthroughBehavior).toUpperCase(),
    ContentHandlingStrategy: contentHandling,
    TimeoutInMillis: timeoutInMillis ?? (integration.kind === "mock" ? undefined : integration.timeoutMs),
  });
}

/** Parameters of a REST method by the names of WebSocket routes (developer guide, "Set up data mapping for WebSocket APIs"). */
function ofRoute(parameters: JsonValue): JsonValue {
  if (!isJsonObject(parameters)) return parameters;
  const renamed = (text: string) => text.replace(/^method\.(request|response)\./, "route.$1.");
  return objectOf(
    Object.entries(parameters).map(([name, value]) => [
      renamed(name),
      typeof value === "string" ? renamed(value) : value,
    ]),
  );
}

/**
 * Parameters of the handshake that an integration is sent: API Gateway maps those alone that the route declares, by their names
 * without `multivalue` (developer guide, "Set up data mapping for WebSocket APIs").
 */
function routeParameters(mapped: JsonValue | undefined): JsonObject {
  const sources = mapped !== undefined && isJsonObject(mapped) ? Object.values(mapped) : [];
  return objectOf(
    sources.flatMap((source) => {
      const found = /^route\.request\.(?:multivalue)?(querystring|header)\.(.+)$/.exec(String(source));
      return found ? [[`route.request.${found[1]}.${found[2]}`, { Required: false }] as const] : [];
    }),
  );
}

/** Without a selection there is one template, for JSON: its key is what the expression yields. */
function selected(templates: JsonValue, isSelected: boolean): JsonValue {
  if (isSelected || !isJsonObject(templates)) return templates;
  const template = templates["application/json"] ?? Object.values(templates)[0];
  return template === undefined ? templates : { $default: template };
}

/** A route as logical ids name it. */
function idPart({ key }: WebSocketRoute): string {
  return key.startsWith("$") ? logicalName(key.slice(1)) : `On${logicalName(key)}`;
}

/** What messages of a route are validated by, under the names that its model selection expression yields. */
interface Message {
  readonly key: string;
  readonly type: Type;
}

function messagesOf({ body, bodies }: WebSocketRoute): readonly Message[] {
  return bodies?.types ?? (body ? [{ key: "$default", type: body }] : []);
}

/** The names of the models of a route's messages, and the expression that chooses one. */
export function messageModels(route: WebSocketRoute): JsonObject {
  const messages = messagesOf(route);
  if (messages.length === 0) return {};
  return {
    ModelSelectionExpression: route.bodies?.selection.text ?? "$default",
    RequestModels: objectOf(messages.map((message) => [message.key, `${modelPart(message, route)}Message`] as const)),
  };
}

/** Of several models of one route each but `$default` has its mark: no name of another route can end like this. */
function modelPart({ key }: Message, route: WebSocketRoute): string {
  const owner = idPart(route);
  if (key === "$default") return owner;
  return `${owner}${logicalName(key)}${digest(`${owner} ${key}`).slice(0, 6).toUpperCase()}`;
}

/** A model of API Gateway's that messages are validated by. */
export interface MessageSchema {
  readonly name: string;
  /** Draft 04, with what it refers to inside. */
  readonly schema: JsonObject;
}

/** The models that `messageModels` names. */
export function messageSchemas(route: WebSocketRoute, model: GatewayModel): readonly MessageSchema[] {
  return messagesOf(route).map((message) => ({
    name: `${modelPart(message, route)}Message`,
    schema: schemaOf(message, model),
  }));
}

function schemaOf(message: Message, model: GatewayModel): JsonObject {
  const used = new Set<string>();
  const ref = (word: string) => {
    used.add(word);
    return `#/definitions/${word}`;
  };
  const types = new Map(model.models.map((each) => [each.name, each.type]));
  const lookup = (word: string) => types.get(word);
  const own = jsonSchemaOf(message.type, { ref, lookup });
  const definitions = new Map<string, JsonValue>();
  for (const word of used) {
    const model = types.get(word);
    // The set grows while it is walked: models that models name follow.
    if (model && !definitions.has(word)) definitions.set(word, jsonSchemaOf(model, { ref, lookup }) as JsonValue);
  }
  return {
    $schema: "http://json-schema.org/draft-04/schema#",
    ...own,
    ...(definitions.size > 0 ? { definitions: objectOf(definitions) } : {}),
  };
}

interface PlannedModel {
  readonly id: string;
  readonly schema: JsonValue;
}

function planModel({ name, schema }: MessageSchema, template: Template): PlannedModel {
  const id = `${api}${name.replace(/Message$/, "Model")}`;
  template.resource(id, "AWS::ApiGatewayV2::Model", {
    ApiId: { Ref: api },
    Name: name,
    ContentType: "application/json",
    Schema: schema,
  });
  return { id, schema };
}

interface PlannedResponse {
  readonly id: string;
  readonly properties: JsonObject;
}

function planResponses(
  integration: Integration,
  document: JsonObject,
  owner: string,
  name: string,
  cloud: Cloud,
  template: Template,
): readonly PlannedResponse[] {
  return responseProperties(integration, document).map((own, index) => {
    const id = `${api}${name}Response${own === noMatch ? "Default" : index + 1}`;
    const properties = jsonObject({
      ApiId: { Ref: api },
      IntegrationId: { Ref: owner },
      ...own,
      ResponseTemplates: own["ResponseTemplates"] && inCloud(own["ResponseTemplates"], cloud),
      ResponseParameters: own["ResponseParameters"] && inCloud(own["ResponseParameters"], cloud),
    });
    template.resource(id, "AWS::ApiGatewayV2::IntegrationResponse", properties);
    return { id, properties };
  });
}

/** The responses of an integration, without what they belong to. */
export function responseProperties(integration: Integration, document: JsonObject): readonly JsonObject[] {
  const planned = isJsonObject(document["responses"]) ? document["responses"] : {};
  const made = integration.responses.map((response: IntegrationResponse) => {
    const key = response.pattern === undefined || response.pattern === "" ? "default" : response.pattern;
    const own = planned[key];
    const isSelected = response.templateSelection !== undefined;
    const parameters = isJsonObject(own) ? own["responseParameters"] : undefined;
    const templates = isJsonObject(own) ? own["responseTemplates"] : undefined;
    return jsonObject({
      IntegrationResponseKey: key === "default" ? "$default" : `/${key}/`,
      ResponseTemplates: templates === undefined ? undefined : selected(templates, isSelected),
      TemplateSelectionExpression:
        templates === undefined ? undefined : (response.templateSelection?.text ?? "\\$default"),
      ResponseParameters: parameters && ofRoute(parameters),
      ContentHandlingStrategy: response.contentHandling,
    });
  });
  const isMapped = made.length > 0 && made.every((response) => response["IntegrationResponseKey"] !== "$default");
  return isMapped ? [...made, noMatch] : made;
}

/**
 * API Gateway wants a response for whatever no other one is for. Where the file has none, the client is told of a failure as the
 * generated gateway tells it, and no error of the backend passes for a reply.
 */
const noMatch: JsonObject = {
  IntegrationResponseKey: "$default",
  ResponseTemplates: {
    $default:
      '{"message": "Internal server error", "connectionId":"$context.connectionId", "requestId":"$context.requestId"}',
  },
  TemplateSelectionExpression: "\\$default",
};

/** Regional, with TLS 1.2, as all domains of WebSocket APIs. */
function planDomain({ domain }: WebSocketApi, cloud: Cloud, template: Template): void {
  if (domain === undefined) return;
  const id = `${logicalName(domain.name)}Domain`;
  const certificate = certificateOf(domain, id, cloud, template);
  template.resource(id, "AWS::ApiGatewayV2::DomainName", {
    DomainName: domain.name,
    DomainNameConfigurations: [
      { CertificateArn: certificate, EndpointType: "REGIONAL", SecurityPolicy: tlsPolicy(domain) },
    ],
  });
  for (const { basePath, stage } of domain.paths) {
    template.resource(
      `${id}${basePath === "" ? "Root" : logicalName(basePath)}Mapping`,
      "AWS::ApiGatewayV2::ApiMapping",
      jsonObject({
        DomainName: { Ref: id },
        ApiId: { Ref: api },
        Stage: { Ref: stageId(api, stage) },
        ApiMappingKey: basePath === "" ? undefined : basePath,
      }),
    );
  }
  planDomainOutput(id, "RegionalDomainName", domain.name, template);
}
