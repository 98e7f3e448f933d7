import { Global, Module, type DynamicModule } from '@nestjs/common';
import { LedgerController } from './ledger.controller.ts';
import { KINDS, LedgerService, type RegisteredKinds } from './ledger.service.ts';
import { LedgerStore } from './ledger.store.ts';
import { SignedHeadsService } from './signed-heads.service.ts';
import { VerificationService } from './verification.service.ts';

/** The one ordered log of what happened: written with the change, chained, signed, read by cursor. */
@Global()
@Module({})
export class LedgerModule {
  static for(kinds: RegisteredKinds): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [LedgerController],
      providers: [
        LedgerStore,
        LedgerService,
        SignedHeadsService,
        VerificationService,
        { provide: KINDS, useValue: kinds },
      ],
      exports: [LedgerService, LedgerStore],
    };
  }
}
