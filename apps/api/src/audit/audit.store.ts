import { Injectable } from '@nestjs/common';
import { And, DataSource, LessThan, LessThanOrEqual, MoreThanOrEqual, type FindOptionsWhere } from 'typeorm';
import type { AuditQuery } from '#libs/wire';
import { AuditEntryEntity } from './audit-entry.entity.ts';

/** Queries of the audit table. */
@Injectable()
export class AuditStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first, one more than asked for, so that the caller knows whether there is a next page. */
  page(query: AuditQuery): Promise<AuditEntryEntity[]> {
    return this.dataSource.manager.find(AuditEntryEntity, {
      where: whereOf(query),
      order: { id: 'DESC' },
      take: query.limit + 1,
    });
  }
}

function whereOf(query: AuditQuery): FindOptionsWhere<AuditEntryEntity> {
  const { before, action, outcome, accountId, objectKind, objectId, fromMs, toMs } = query;
  const where: FindOptionsWhere<AuditEntryEntity> = {};
  if (before !== undefined) where.id = LessThan(String(before));
  if (action !== undefined) where.action = action;
  if (outcome !== undefined) where.outcome = outcome;
  if (accountId !== undefined) where.accountId = accountId;
  if (objectKind !== undefined) where.objectKind = objectKind;
  if (objectId !== undefined) where.objectId = objectId;
  const from = fromMs === undefined ? undefined : MoreThanOrEqual(new Date(fromMs));
  const to = toMs === undefined ? undefined : LessThanOrEqual(new Date(toMs));
  if (from && to) where.at = And(from, to);
  else if (from ?? to) where.at = (from ?? to)!;
  return where;
}
