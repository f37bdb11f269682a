import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { connect } from 'amqplib';
import { BillingService } from './billing.service';

@Injectable()
export class BillingConsumer implements OnModuleInit {
  private readonly logger = new Logger(BillingConsumer.name);

  constructor(
    private readonly config: ConfigService,
    private readonly billing: BillingService,
  ) {}

  async onModuleInit(): Promise<void> {
    const connection = await connect(this.config.getOrThrow<string>('RABBITMQ_URL'));
    const channel = await connection.createChannel();
    await channel.assertQueue('payments', { durable: true });
    await channel.consume(
      'payments',
      async message => {
        if (!message) return;
        const { invoiceId } = JSON.parse(message.content.toString());
        await this.billing.markPaid(invoiceId);
      },
      { noAck: true },
    );
    this.logger.log('waiting for payments');
  }
}
