import type { DataSource } from 'typeorm';

/** A year of a large town's incidents, as the reader of the ledger would have counted them, ending at an instant. */
export async function seedFigures(dataSource: Pick<DataSource, 'query'>, rows: number, endMs: number): Promise<void> {
  await dataSource.query(
    `WITH dice AS MATERIALIZED (
       SELECT n, random() a, random() b, random() c, random() d, random() e, random() f FROM generate_series(1, $1::int) n),
     course AS (
       SELECT *, round(20000 - 30000 * ln(1 - a)) AS told, round(3000 - 12000 * ln(1 - b)) AS heard,
         round(2000 - 20000 * ln(1 - c)) AS left_at, round(40000 - 200000 * ln(1 - d)) AS drive FROM dice)
     INSERT INTO incident_figure (incident_id, call_at, priority, type_code, type_group, sector_id, channel, masked, latitude_deg,
       longitude_deg, life, disposition, dismissal, referred, opened_ms, dispatched_ms, acknowledged_ms, en_route_ms, arrived_ms,
       referral_taken_ms, ended_ms, closed_ms)
     SELECT gen_random_uuid(), $2::timestamptz - (n * 31536000.0 / $1::int) * interval '1 second',
       (ARRAY['P1','P2','P3','P3','P4'])[1 + n % 5], (ARRAY['PAT','VID','VIF','ORD','TRA'])[1 + n % 5] || '-0' || (1 + n % 9),
       (ARRAY['PAT','VID','VIF','ORD','TRA'])[1 + n % 5],
       CASE WHEN n % 9 = 0 THEN NULL ELSE ('00000000-0000-4000-8000-00000000000' || (n % 9))::uuid END,
       (ARRAY['TEL_LOCAL','WHATSAPP','CAMARA','RADIO'])[1 + n % 4], n % 5 = 2,
       -17.6459 + 0.02 * (e - 0.5) * f, -71.3453 + 0.02 * (f - 0.5) * e,
       CASE WHEN a < 0.01 THEN 'open' WHEN a < 0.05 THEN 'merged' WHEN a < 0.2 THEN 'dismissed' ELSE 'closed' END,
       CASE WHEN a >= 0.2 THEN (ARRAY['attended','false-alarm','recorded-only'])[1 + n % 3] END,
       CASE WHEN a >= 0.05 AND a < 0.2 THEN (ARRAY['false-call','not-located'])[1 + n % 2] END, n % 10 = 0, round(15000 * b),
       told, told + heard, CASE WHEN e < 0.9 THEN told + heard + left_at END,
       CASE WHEN f < 0.8 THEN told + heard + left_at + drive END, CASE WHEN n % 10 = 0 THEN round(90000 * c) END,
       CASE WHEN a >= 0.01 THEN told + heard + left_at + drive + 600000 END,
       CASE WHEN a >= 0.2 THEN told + heard + left_at + drive + 600000 END
     FROM course`,
    [rows, new Date(endMs)],
  );
  await dataSource.query('ANALYZE incident_figure');
}
