import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What the keys of reports are called. Things that were taken out of use have a past, and their names. */
@Injectable()
export class NamesStore {
  sectors(manager: EntityManager): Promise<Record<string, string>> {
    return named('SELECT id, name FROM sector', manager);
  }

  types(manager: EntityManager): Promise<Record<string, string>> {
    return named('SELECT code AS id, name FROM incident_type', manager);
  }

  units(manager: EntityManager): Promise<Record<string, string>> {
    return named('SELECT id, call_sign AS name FROM unit', manager);
  }

  zones(manager: EntityManager): Promise<Record<string, string>> {
    return named('SELECT id, name FROM zone', manager);
  }
}

async function named(sql: string, manager: EntityManager): Promise<Record<string, string>> {
  const rows: { id: string; name: string }[] = await manager.query(sql);
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]));
}
