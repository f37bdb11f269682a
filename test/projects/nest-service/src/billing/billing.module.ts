import { Module } from '@nestjs/common';
import { PrismaModule } from '@app/prisma/prisma.module';
import { BillingConsumer } from './billing.consumer';
import { BillingController } from './billing.controller';
import { BillingService } from './billing.service';

@Module({ imports: [PrismaModule], controllers: [BillingController], providers: [BillingService, BillingConsumer] })
export class BillingModule {}
