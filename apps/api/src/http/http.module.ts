import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { OriginGuard } from './origin.guard.ts';
import { RefusalFilter } from './refusal.filter.ts';
import { validationPipe } from './validation.ts';

/** What holds for every route. Listed before `AccessModule`, so that a foreign page is refused before it is looked up. */
@Module({
  providers: [
    { provide: APP_GUARD, useClass: OriginGuard },
    { provide: APP_PIPE, useFactory: validationPipe },
    { provide: APP_FILTER, useClass: RefusalFilter },
  ],
})
export class HttpModule {}
