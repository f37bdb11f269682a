import type { Callback, Context, S3Event } from 'aws-lambda';

export const handler = async (event: S3Event, _context: Context, callback: Callback) => {
  for (const record of event.Records) {
    console.log(JSON.stringify({ message: 'thumbnail', key: record.s3.object.key }));
  }
  callback(null, 'done');
};
