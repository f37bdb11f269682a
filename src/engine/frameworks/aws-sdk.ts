import type { OperationReader } from '../link/operations.ts';
import { defineAdapter } from './adapter.ts';
import { words } from './shared/data.ts';

/** Service clients that back ends use most; each keeps its own connections. */
const CLIENTS: Readonly<Record<string, string>> = {
  S3: 's3',
  DynamoDB: 'dynamodb',
  SQS: 'sqs',
  SNS: 'sns',
  SES: 'ses',
  SESv2: 'sesv2',
  Lambda: 'lambda',
  KMS: 'kms',
  SSM: 'ssm',
  SFN: 'sfn',
  EventBridge: 'eventbridge',
  SecretsManager: 'secrets-manager',
  Kinesis: 'kinesis',
  Firehose: 'firehose',
  CognitoIdentityProvider: 'cognito-identity-provider',
  BedrockRuntime: 'bedrock-runtime',
  Textract: 'textract',
  Rekognition: 'rekognition',
};

const OLD = words('S3 DynamoDB DynamoDB.DocumentClient SQS SNS SES Lambda KMS SSM StepFunctions EventBridge Kinesis');

export const awsSdk = defineAdapter({
  id: 'aws-sdk',
  title: 'AWS SDK',
  docs: 'https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/',
  packages: ['aws-sdk', ...Object.values(CLIENTS).map(name => `@aws-sdk/client-${name}`)],
  aliases: { 'aws-xray-sdk.captureAWS()': 'aws-sdk', 'aws-sdk.default': 'aws-sdk' },
  operations: {
    ...Object.fromEntries(
      Object.entries(CLIENTS).flatMap(([name, part]) =>
        ['Client', ''].map(suffix => [`@aws-sdk/client-${part}.${name}${suffix}`, construct(`${name}${suffix}`)]),
      ),
    ),
    ...Object.fromEntries(OLD.map(name => [`aws-sdk.${name}`, construct(name)])),
    '@aws-sdk/client-sqs.SendMessageCommand': call => ({
      kind: 'message-publish',
      args: { payload: call.arg(0) },
      is: { broker: 'sqs', built: true },
    }),
    '@aws-sdk/client-sns.PublishCommand': call => ({
      kind: 'message-publish',
      args: { payload: call.arg(0) },
      is: { broker: 'sns', built: true },
    }),
  },
});

function construct(name: string): OperationReader {
  return call =>
    call.site.call.new ? { kind: 'sdk-client', args: { options: call.arg(0) }, is: { name } } : undefined;
}
