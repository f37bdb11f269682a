import { pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { Injectable, UnauthorizedException } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { PrismaService } from '@app/prisma/prisma.service';

@Injectable()
export class AuthService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly jwt: JwtService,
  ) {}

  async login(email: string, password: string): Promise<string> {
    const user = await this.prisma.user.findUnique({ where: { email } });
    const [salt, stored] = user?.passwordHash.split(':') ?? [];
    if (!user || !salt || !stored) throw new UnauthorizedException();
    const hash = pbkdf2Sync(password, salt, 210_000, 64, 'sha512');
    if (!timingSafeEqual(hash, Buffer.from(stored, 'hex'))) throw new UnauthorizedException();
    return this.jwt.signAsync({ sub: user.id });
  }
}
