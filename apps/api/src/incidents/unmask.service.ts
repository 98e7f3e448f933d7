import { Injectable } from '@nestjs/common';
import type { IncidentDetail, UnmaskBody } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { DispatchService } from '../dispatch/dispatch.service.ts';
import { IncidentQueryService } from './incident-query.service.ts';

/** Shows one person what a mask hides. It leaves its reason in the ledger and in the audit, or is not done. */
@Injectable()
export class UnmaskService {
  constructor(
    private readonly dispatch: DispatchService,
    private readonly incidents: IncidentQueryService,
    private readonly audit: AuditService,
  ) {}

  /** @throws {RefusalError} `incident-unknown`, `incident-not-masked`, `reason-missing`. */
  async unmask(incidentId: string, body: UnmaskBody, by: SignedInUser): Promise<IncidentDetail> {
    const { reason, forMs, ...envelope } = body;
    await this.dispatch.run({ kind: 'unmask', incidentId, reason, forMs }, envelope, by, (manager) =>
      this.audit.record(
        {
          action: 'incident:unmask',
          objectKind: 'incident',
          objectId: incidentId,
          outcome: 'done',
          details: { reason, forMs },
        },
        by,
        manager,
      ),
    );
    return this.incidents.detail(incidentId, by);
  }
}
