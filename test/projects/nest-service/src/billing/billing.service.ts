import { Injectable, Logger } from '@nestjs/common';
import { PrismaService } from '@app/prisma/prisma.service';

@Injectable()
export class BillingService {
  private readonly logger = new Logger(BillingService.name);

  constructor(private readonly prisma: PrismaService) {}

  async markPaid(invoiceId: string): Promise<void> {
    await this.prisma.invoice.update({ where: { id: invoiceId }, data: { paidAt: new Date() } });
    this.logger.log(`invoice ${invoiceId} is paid`);
  }

  invoicesOf(projectId: string, userId: string) {
    return this.prisma.invoice.findMany({
      where: { projectId, project: { memberships: { some: { userId } } } },
      take: 200,
    });
  }
}
