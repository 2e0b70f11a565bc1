/** Where a parameter goes: its name on the wire, and its form where it is no text. */
export type WireParameter = string | readonly [name: string, form: "list" | "bytes" | "attributes" | "json"];

export interface FirstClassAction {
  /** By the names that API Gateway has. */
  readonly parameters: Readonly<Record<string, WireParameter>>;
  readonly required: readonly string[];
}

/**
 * The actions of AWS services that HTTP APIs call (`integrationSubtype`), by our name.
 *
 * @see developer guide, "Integration subtype reference"; aws-behaviour.md section 28.1
 */
export const firstClassActions: Readonly<Record<string, FirstClassAction>> = {
  "sqs:SendMessage": {
    parameters: {
      QueueUrl: "QueueUrl",
      MessageBody: "MessageBody",
      DelaySeconds: "DelaySeconds",
      MessageAttributes: ["MessageAttribute", "attributes"],
      MessageDeduplicationId: "MessageDeduplicationId",
      MessageGroupId: "MessageGroupId",
      MessageSystemAttributes: ["MessageSystemAttribute", "attributes"],
    },
    required: ["QueueUrl", "MessageBody"],
  },
  "sqs:ReceiveMessage": {
    parameters: {
      QueueUrl: "QueueUrl",
      AttributeNames: ["AttributeName", "list"],
      MaxNumberOfMessages: "MaxNumberOfMessages",
      MessageAttributeNames: ["MessageAttributeName", "list"],
      ReceiveRequestAttemptId: "ReceiveRequestAttemptId",
      VisibilityTimeout: "VisibilityTimeout",
      WaitTimeSeconds: "WaitTimeSeconds",
    },
    required: ["QueueUrl"],
  },
  "sqs:DeleteMessage": {
    parameters: { QueueUrl: "QueueUrl", ReceiptHandle: "ReceiptHandle" },
    required: ["QueueUrl", "ReceiptHandle"],
  },
  "sqs:PurgeQueue": { parameters: { QueueUrl: "QueueUrl" }, required: ["QueueUrl"] },
  "states:StartExecution": {
    parameters: { StateMachineArn: "stateMachineArn", Name: "name", Input: "input" },
    required: ["StateMachineArn"],
  },
  "states:StartSyncExecution": {
    parameters: {
      StateMachineArn: "stateMachineArn",
      Name: "name",
      Input: "input",
      TraceHeader: "traceHeader",
    },
    required: ["StateMachineArn"],
  },
  "states:StopExecution": {
    parameters: { ExecutionArn: "executionArn", Cause: "cause", Error: "error" },
    required: ["ExecutionArn"],
  },
  "events:PutEvents": {
    parameters: {
      Detail: "Detail",
      DetailType: "DetailType",
      Source: "Source",
      EventBusName: "EventBusName",
      Resources: ["Resources", "list"],
      Time: ["Time", "json"],
      TraceHeader: "TraceHeader",
    },
    required: ["Detail", "DetailType", "Source"],
  },
  // What the source gives is a record's bytes: users and AWS CDK's integration test hand on `$request.body`, JSON or text, which is no
  // base64 (aws-cdk pull request for HTTP APIs; LocalStack's recordings fit both readings).
  "kinesis:PutRecord": {
    parameters: {
      StreamName: "StreamName",
      Data: ["Data", "bytes"],
      PartitionKey: "PartitionKey",
      SequenceNumberForOrdering: "SequenceNumberForOrdering",
      ExplicitHashKey: "ExplicitHashKey",
    },
    required: ["StreamName", "Data", "PartitionKey"],
  },
  "appconfig:GetConfiguration": {
    parameters: {
      Application: "Application",
      Environment: "Environment",
      Configuration: "Configuration",
      ClientId: "ClientId",
      ClientConfigurationVersion: "ClientConfigurationVersion",
    },
    required: ["Application", "Environment", "Configuration", "ClientId"],
  },
};
