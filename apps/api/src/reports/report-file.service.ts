import { Inject, Injectable } from '@nestjs/common';
import type { CsvField } from '#libs/base';
import { LIMA_OFFSET_MINUTES } from '#libs/report';
import type { ReportFileQuery, ReportName } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { csvLines } from '../documents/csv-file.ts';
import type { Cell, PrintedDocument } from '../documents/document.ts';
import { PdfService } from '../documents/pdf.service.ts';
import { CameraWorkService } from './camera-work.service.ts';
import { CrimeMapService } from './crime-map.service.ts';
import {
  camerasTables,
  mapTables,
  outcomesTables,
  patrolTables,
  timesTables,
  type FileContent,
  type FileTable,
} from './file-tables.ts';
import { FILE_WORDS, type FileWords } from './file-words.ts';
import { OutcomesService } from './outcomes.service.ts';
import { PatrolService } from './patrol.service.ts';
import type { ReportHead } from './report-desk.ts';
import { TimesService } from './times.service.ts';

export interface ReportFile {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

interface Made {
  readonly head: ReportHead;
  readonly content: FileContent;
}

/** Reports as files. Each is in the audit before it is handed out. */
@Injectable()
export class ReportFileService {
  constructor(
    private readonly times: TimesService,
    private readonly outcomes: OutcomesService,
    private readonly map: CrimeMapService,
    private readonly patrol: PatrolService,
    private readonly cameras: CameraWorkService,
    private readonly pdf: PdfService,
    private readonly audit: AuditService,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** @throws {RefusalError} as the report, and as {@link PdfService.print}. */
  async file(name: ReportName, query: ReportFileQuery, user: SignedInUser): Promise<ReportFile> {
    const { format, language, fromDay, toDay, ...filters } = query;
    const words = FILE_WORDS[language];
    const { head, content } = await this.made(name, query, user, words);
    const notes = [...notesOf(head, words), ...content.notes];
    const bytes =
      format === 'csv'
        ? await csvOf(content.tables[0], notes)
        : await this.pdf.print(this.documentOf(name, content, notes, words, user));
    const details = { report: name, format, fromDay, toDay, ...filters };
    await this.audit.record({ action: 'report:export', objectKind: 'report', outcome: 'done', details }, user);
    const contentType = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/pdf';
    return { name: `atalaya-${name}-${fromDay}-${toDay}.${format}`, contentType, bytes };
  }

  private async made(name: ReportName, query: ReportFileQuery, user: SignedInUser, words: FileWords): Promise<Made> {
    switch (name) {
      case 'times': {
        const view = await this.times.report(query, user);
        return { head: view, content: timesTables(view, words, query.format === 'csv') };
      }
      case 'outcomes': {
        const view = await this.outcomes.report(query, user);
        return { head: view, content: outcomesTables(view, words) };
      }
      case 'map': {
        const view = await this.map.report(query, user);
        return { head: view, content: mapTables(view, words) };
      }
      case 'patrol': {
        const view = await this.patrol.report(query, user);
        return { head: view, content: patrolTables(view, words) };
      }
      case 'cameras': {
        const view = await this.cameras.report(query, user);
        return { head: view, content: camerasTables(view, words, localMoment(view.knownFromMs).slice(0, 10)) };
      }
    }
  }

  private documentOf(
    name: ReportName,
    { tables }: FileContent,
    notes: readonly string[],
    words: FileWords,
    user: SignedInUser,
  ): PrintedDocument {
    const [range = '', made = '', ...rest] = notes;
    return {
      municipality: this.config.municipality,
      centre: words.centre,
      title: words.title[name],
      subtitle: range,
      footnote: `${made} · ${user.displayName}`,
      orientation: 'landscape',
      blocks: [
        ...rest.map((text) => ({ kind: 'text', text, muted: true }) as const),
        ...tables.flatMap((table, index) => [
          ...(index === 0 ? [] : [{ kind: 'heading', text: table.title } as const]),
          printedTable(table, words),
        ]),
      ],
    };
  }
}

function notesOf(head: ReportHead, words: FileWords): string[] {
  const { fromDay, toDay, madeAtMs, throughSeq, behind } = head;
  const made = words.note.made(localMoment(madeAtMs), throughSeq);
  return [words.note.range(dayWords(fromDay), dayWords(toDay)), made, ...(behind ? [words.note.behind()] : [])];
}

/** The table, then what it is made of: a file that was sent on still says so. */
async function csvOf({ columns, rows }: FileTable, notes: readonly string[]): Promise<Buffer> {
  const lines: string[] = [];
  const all = [...rows, ...notes.map((note): CsvField[] => [`# ${note}`])];
  for await (const line of csvLines({ titles: columns, rows: all })) lines.push(line);
  return Buffer.from(lines.join(''), 'utf8');
}

function printedTable({ columns, rows }: FileTable, words: FileWords): PrintedDocument['blocks'][number] {
  return {
    kind: 'table',
    columns: columns.map((title, index) => ({
      title,
      share: index === 0 ? 1.5 : 1,
      align: index === 0 ? 'left' : 'right',
    })),
    rows: rows.map((row) => row.map((cell): Cell => (typeof cell === 'boolean' ? String(cell) : cell))),
    empty: words.nothing,
  };
}

/** `22/11/2026`. */
function dayWords(day: string): string {
  return day.split('-').toReversed().join('/');
}

/** `22/11/2026 18:04`, by the clocks of Lima. */
function localMoment(atMs: number): string {
  const [day = '', time = ''] = new Date(atMs + LIMA_OFFSET_MINUTES * 60_000).toISOString().split('T');
  return `${dayWords(day)} ${time.slice(0, 5)}`;
}
