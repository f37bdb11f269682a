import { ForbiddenException, Injectable } from '@nestjs/common';
import { PrismaService } from '@app/prisma/prisma.service';
import type { CreateProjectDto } from './project.dto';

@Injectable()
export class ProjectsService {
  constructor(private readonly prisma: PrismaService) {}

  listOf(userId: string) {
    return this.prisma.project.findMany({ where: { memberships: { some: { userId } } }, take: 100 });
  }

  find(id: string, userId: string) {
    return this.prisma.project.findFirst({ where: { id, memberships: { some: { userId } } } });
  }

  async create(dto: CreateProjectDto, ownerId: string) {
    return this.prisma.$transaction(async tx => {
      const project = await tx.project.create({ data: { name: dto.name, budgetCents: dto.budgetCents } });
      await this.prisma.membership.create({ data: { projectId: project.id, userId: ownerId, role: 'OWNER' } });
      return project;
    });
  }

  async invite(projectId: string, userId: string, callerId: string) {
    const own = await this.prisma.membership.findFirst({ where: { projectId, userId: callerId, role: 'OWNER' } });
    if (!own) throw new ForbiddenException();
    return this.prisma.membership.create({ data: { projectId, userId } });
  }

  async remove(id: string): Promise<void> {
    await this.prisma.$transaction([
      this.prisma.invoice.deleteMany({ where: { projectId: id } }),
      this.prisma.membership.deleteMany({ where: { projectId: id } }),
      this.prisma.project.delete({ where: { id } }),
    ]);
  }

  async openAmounts(ids: readonly string[]): Promise<Map<string, number>> {
    const out = new Map<string, number>();
    for (const id of ids) {
      const sum = await this.prisma.invoice.aggregate({
        where: { projectId: id, paidAt: null },
        _sum: { amountCents: true },
      });
      out.set(id, sum._sum.amountCents ?? 0);
    }
    return out;
  }
}
