import { SendEmailCommand, SESClient } from '@aws-sdk/client-ses';
import type { SQSHandler } from 'aws-lambda';

const mail = new SESClient({});

export const handler: SQSHandler = async event => {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    try {
      const { to, text } = JSON.parse(record.body);
      await mail.send(
        new SendEmailCommand({
          Source: process.env.SENDER,
          Destination: { ToAddresses: [to] },
          Message: { Subject: { Data: 'Your receipt' }, Body: { Text: { Data: text } } },
        }),
      );
    } catch (error) {
      console.error(JSON.stringify({ message: 'receipt not sent', id: record.messageId, error: String(error) }));
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
};
