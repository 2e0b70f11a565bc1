/**
 * How an AWS service is spoken to: its protocol, and its names (botocore's service models: `endpointPrefix`,
 * `signingName`, `serviceId`, `targetPrefix`, `apiVersion`).
 */
export interface AwsServiceFacts {
  /** As API Gateway's URIs and host names have it: `email` for SES. */
  readonly prefix: string;
  readonly signingName: string;
  /** Service id of the SDKs as AWS_ENDPOINT_URL_<ID> has it; undefined for services that are not listed here. */
  readonly id: string | undefined;
  /** Undefined: not listed here, so only its paths can be called. */
  readonly protocol: AwsProtocol | undefined;
  /** Host name of a service that has one address for all regions. */
  readonly globalHost: string | undefined;
}

/** `rest` has paths and no actions. */
export type AwsProtocol =
  | { readonly kind: "json"; readonly version: "1.0" | "1.1"; readonly targetPrefix: string }
  | { readonly kind: "query"; readonly version: string }
  | { readonly kind: "rest" };

interface Row {
  readonly id: string;
  /** `1.0 Prefix` or `1.1 Prefix`. */
  readonly json?: string;
  /** API version. */
  readonly query?: string;
  readonly signingName?: string;
  readonly globalHost?: string;
}

const rows: Readonly<Record<string, Row>> = {
  acm: { id: "ACM", json: "1.1 CertificateManager" },
  apigateway: { id: "API_GATEWAY" },
  appconfig: { id: "APPCONFIG" },
  athena: { id: "ATHENA", json: "1.1 AmazonAthena" },
  autoscaling: { id: "AUTO_SCALING", query: "2011-01-01" },
  batch: { id: "BATCH" },
  cloudformation: { id: "CLOUDFORMATION", query: "2010-05-15" },
  cloudtrail: { id: "CLOUDTRAIL", json: "1.1 com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101" },
  codebuild: { id: "CODEBUILD", json: "1.1 CodeBuild_20161006" },
  codepipeline: { id: "CODEPIPELINE", json: "1.1 CodePipeline_20150709" },
  "cognito-identity": { id: "COGNITO_IDENTITY", json: "1.1 AWSCognitoIdentityService" },
  "cognito-idp": { id: "COGNITO_IDENTITY_PROVIDER", json: "1.1 AWSCognitoIdentityProviderService" },
  comprehend: { id: "COMPREHEND", json: "1.1 Comprehend_20171127" },
  config: { id: "CONFIG_SERVICE", json: "1.1 StarlingDoveService" },
  "data.iot": { id: "IOT_DATA_PLANE", signingName: "iotdata" },
  dynamodb: { id: "DYNAMODB", json: "1.0 DynamoDB_20120810" },
  ec2: { id: "EC2", query: "2016-11-15" },
  ecr: { id: "ECR", json: "1.1 AmazonEC2ContainerRegistry_V20150921" },
  ecs: { id: "ECS", json: "1.1 AmazonEC2ContainerServiceV20141113" },
  elasticache: { id: "ELASTICACHE", query: "2015-02-02" },
  elasticbeanstalk: { id: "ELASTIC_BEANSTALK", query: "2010-12-01" },
  elasticloadbalancing: { id: "ELASTIC_LOAD_BALANCING_V2", query: "2015-12-01" },
  email: { id: "SES", query: "2010-12-01", signingName: "ses" },
  events: { id: "EVENTBRIDGE", json: "1.1 AWSEvents" },
  firehose: { id: "FIREHOSE", json: "1.1 Firehose_20150804" },
  glue: { id: "GLUE", json: "1.1 AWSGlue" },
  iam: { id: "IAM", query: "2010-05-08", globalHost: "iam.amazonaws.com" },
  iot: { id: "IOT" },
  kinesis: { id: "KINESIS", json: "1.1 Kinesis_20131202" },
  kms: { id: "KMS", json: "1.1 TrentService" },
  lambda: { id: "LAMBDA" },
  logs: { id: "CLOUDWATCH_LOGS", json: "1.1 Logs_20140328" },
  monitoring: { id: "CLOUDWATCH", query: "2010-08-01" },
  rds: { id: "RDS", query: "2014-10-31" },
  redshift: { id: "REDSHIFT", query: "2012-12-01" },
  rekognition: { id: "REKOGNITION", json: "1.1 RekognitionService" },
  route53: { id: "ROUTE_53", globalHost: "route53.amazonaws.com" },
  "runtime.lex": { id: "LEX_RUNTIME_SERVICE", signingName: "lex" },
  "runtime.sagemaker": { id: "SAGEMAKER_RUNTIME", signingName: "sagemaker" },
  s3: { id: "S3" },
  sagemaker: { id: "SAGEMAKER", json: "1.1 SageMaker" },
  secretsmanager: { id: "SECRETS_MANAGER", json: "1.1 secretsmanager" },
  servicediscovery: { id: "SERVICEDISCOVERY", json: "1.1 Route53AutoNaming_v20170314" },
  sns: { id: "SNS", query: "2010-03-31" },
  sqs: { id: "SQS", query: "2012-11-05" },
  ssm: { id: "SSM", json: "1.1 AmazonSSM" },
  states: { id: "SFN", json: "1.0 AWSStepFunctions" },
  "streams.dynamodb": { id: "DYNAMODB_STREAMS", json: "1.0 DynamoDBStreams_20120810", signingName: "dynamodb" },
  sts: { id: "STS", query: "2011-06-15" },
  swf: { id: "SWF", json: "1.0 SimpleWorkflowService" },
  textract: { id: "TEXTRACT", json: "1.1 Textract" },
  transcribe: { id: "TRANSCRIBE", json: "1.1 Transcribe" },
  translate: { id: "TRANSLATE", json: "1.1 AWSShineFrontendService_20170701" },
};

/** Names of the services whose actions can be called by name. */
export const servicesWithActions: readonly string[] = Object.entries(rows)
  .filter(([, row]) => row.json !== undefined || row.query !== undefined)
  .map(([name]) => name);

/** @param service  of a target: `sqs`, or with a subdomain `bucket.s3` */
export function awsServiceFacts(service: string): AwsServiceFacts {
  const base = service.slice(service.indexOf(".") + 1);
  const row = Object.hasOwn(rows, service) ? rows[service] : Object.hasOwn(rows, base) ? rows[base] : undefined;
  const { id, signingName = Object.hasOwn(rows, service) ? service : base, globalHost } = row ?? {};
  return { prefix: service, signingName, id, globalHost, protocol: row && protocolOf(row) };
}

function protocolOf({ json, query }: Row): AwsProtocol {
  if (json !== undefined)
    return { kind: "json", version: json.startsWith("1.0") ? "1.0" : "1.1", targetPrefix: json.slice(4) };
  return query === undefined ? { kind: "rest" } : { kind: "query", version: query };
}
