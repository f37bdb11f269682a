import { Body, Controller, Get, Param, ParseUUIDPipe, Post, UseGuards } from '@nestjs/common';
import { CurrentUser, type CurrentUserInfo } from '@app/auth/current-user';
import { JwtAuthGuard } from '@app/auth/jwt-auth.guard';
import { PrismaService } from '@app/prisma/prisma.service';
import { BillingService } from './billing.service';

interface NewInvoice {
  readonly projectId: string;
  readonly amountCents: number;
}

@Controller('billing')
@UseGuards(JwtAuthGuard)
export class BillingController {
  constructor(
    private readonly billing: BillingService,
    private readonly prisma: PrismaService,
  ) {}

  @Get('projects/:id/invoices')
  list(@Param('id', ParseUUIDPipe) id: string, @CurrentUser() user: CurrentUserInfo) {
    return this.billing.invoicesOf(id, user.sub);
  }

  @Post('invoices')
  async create(@Body() body: NewInvoice) {
    try {
      return await this.prisma.invoice.create({
        data: { projectId: body.projectId, amountCents: body.amountCents },
      });
    } catch (error) {
      return { success: false, error: 'The invoice could not be created.' };
    }
  }
}
