import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { auditPage, auditQuery, type AuditEntryView, type AuditPage, type AuditQuery } from '#libs/wire';
import { Requires } from '../access/requires.ts';
import { Answers } from '../http/open-api.ts';
import type { AuditEntryEntity } from './audit-entry.entity.ts';
import { AuditStore } from './audit.store.ts';

/** Reading the audit. Nothing here writes. */
@ApiTags('audit')
@Controller('api/audit')
@Requires('audit:read')
export class AuditController {
  constructor(private readonly store: AuditStore) {}

  /** Newest first. Pages go by the last id seen, so that lines added meanwhile neither repeat nor hide others. */
  @Get()
  @Answers(auditPage)
  async page(@Query({ schema: auditQuery }) query: AuditQuery): Promise<AuditPage> {
    const found = await this.store.page(query);
    const entries = found.slice(0, query.limit).map(viewOf);
    return { entries, nextBefore: found.length > query.limit ? (entries.at(-1)?.id ?? null) : null };
  }
}

function viewOf(entry: AuditEntryEntity): AuditEntryView {
  const { at, id, ...rest } = entry;
  return { ...rest, id: Number(id), atMs: at.getTime() };
}
