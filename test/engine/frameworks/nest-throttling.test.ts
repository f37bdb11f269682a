import assert from 'node:assert/strict';
import test from 'node:test';
import { analyseTexts } from '../../harness/workspace.ts';

test('a throttler that is switched off by its name leaves open whether another one limits the rate', () => {
  const { model } = analyseTexts(
    new Map([
      [
        'src/main.ts',
        `import { Controller, Get, Module, UseGuards } from '@nestjs/common';
         import { NestFactory } from '@nestjs/core';
         import { SkipThrottle, ThrottlerGuard } from '@nestjs/throttler';
         const CHAT = 'chat';
         @UseGuards(ThrottlerGuard)
         @Controller('notes')
         class NotesController {
           @Get('limited') limited() { return []; }
           @SkipThrottle({ [CHAT]: true }) @Get('perhaps') perhaps() { return []; }
           @SkipThrottle({ default: true }) @Get('free') free() { return []; }
           @SkipThrottle() @Get('open') open() { return []; }
         }
         @Module({ controllers: [NotesController] })
         class AppModule {}
         NestFactory.create(AppModule);`,
      ],
    ]),
    { rules: [] },
  );
  assert.deepEqual(
    model.endpoints.map(one => `${one.path} limit=${one.rateLimit} auth=${one.auth}`),
    [
      '/notes/limited limit=yes auth=no',
      '/notes/perhaps limit=unknown auth=no',
      '/notes/free limit=no auth=no',
      '/notes/open limit=no auth=no',
    ],
  );
});
