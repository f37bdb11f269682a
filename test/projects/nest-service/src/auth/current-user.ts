import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

export interface CurrentUserInfo {
  readonly sub: string;
}

export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): CurrentUserInfo => context.switchToHttp().getRequest().user,
);
