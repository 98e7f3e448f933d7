import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Clock } from '#libs/base';
import { CLOCK } from '../clock.ts';
import { AccessGuard } from './access.guard.ts';
import { AccountController } from './account.controller.ts';
import { AccountService } from './account.service.ts';
import { AccountStore } from './account.store.ts';
import { LoginThrottle } from './login-throttle.ts';
import { PasswordHasher } from './password-hasher.ts';
import { PasswordService } from './password.service.ts';
import { RateGuard } from './rate.guard.ts';
import { SessionController } from './session.controller.ts';
import { SessionService } from './session.service.ts';
import { SessionStore } from './session.store.ts';
import { SignInService } from './sign-in.service.ts';

/** Accounts, logins, and the guard of every route. */
@Global()
@Module({
  controllers: [SessionController, AccountController],
  providers: [
    AccountStore,
    SessionStore,
    SessionService,
    SignInService,
    AccountService,
    PasswordHasher,
    PasswordService,
    { provide: LoginThrottle, inject: [CLOCK], useFactory: (clock: Clock) => new LoginThrottle(clock) },
    // In this order: how often somebody asks is counted when it is known who asks.
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: RateGuard },
  ],
  exports: [SessionService],
})
export class AccessModule {}
