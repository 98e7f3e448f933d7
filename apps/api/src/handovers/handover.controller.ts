import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import {
  countersignHandoverBody,
  handoverPage,
  handoverQuery,
  handoverView,
  reopenHandoverBody,
  saveSectionBody,
  signHandoverBody,
  type CountersignHandoverBody,
  type HandoverQuery,
  type HandoverView,
  type ReopenHandoverBody,
  type SaveSectionBody,
  type SignHandoverBody,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { writeCsv } from '../documents/csv-file.ts';
import { PdfService } from '../documents/pdf.service.ts';
import { Answers } from '../http/open-api.ts';
import { HANDOVER_CSV_TITLES, handoverDocument, handoverRows } from './handover-document.ts';
import { HandoverService } from './handover.service.ts';

/** A name that no shift has is answered as unknown, whatever it looks like. */
const word = z.string().max(40);

/** The books of shifts (relevo). */
@ApiTags('shifts')
@Controller('api/handovers')
export class HandoverController {
  constructor(
    private readonly handovers: HandoverService,
    private readonly pdf: PdfService,
    private readonly audit: AuditService,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Requires('incident:view')
  @Answers(handoverPage)
  page(@Query({ schema: handoverQuery }) query: HandoverQuery) {
    return this.handovers.page(query);
  }

  @Get(':date/:patternId')
  @Requires('incident:view')
  @Answers(handoverView)
  show(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
  ): Promise<HandoverView> {
    return this.handovers.view(`${date}/${patternId}`);
  }

  @Post(':date/:patternId')
  @HttpCode(200)
  @Requires('handover:write')
  @Answers(handoverView)
  open(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @SignedIn() user: SignedInUser,
  ): Promise<HandoverView> {
    return this.handovers.open(`${date}/${patternId}`, user);
  }

  @Put(':date/:patternId/sections')
  @Requires('handover:write')
  @Limited('handover-save', 240)
  @Answers(handoverView)
  save(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: saveSectionBody }) body: SaveSectionBody,
    @SignedIn() user: SignedInUser,
  ): Promise<HandoverView> {
    return this.handovers.save(`${date}/${patternId}`, body, user);
  }

  @Post(':date/:patternId/facts')
  @HttpCode(200)
  @Requires('handover:write')
  @Limited('handover-facts', 30)
  @Answers(handoverView)
  renew(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
  ): Promise<HandoverView> {
    return this.handovers.renew(`${date}/${patternId}`);
  }

  @Post(':date/:patternId/sign')
  @HttpCode(200)
  @Requires('handover:write')
  @Answers(handoverView)
  sign(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: signHandoverBody }) body: SignHandoverBody,
    @SignedIn() user: SignedInUser,
  ): Promise<HandoverView> {
    return this.handovers.sign(`${date}/${patternId}`, body, user);
  }

  @Post(':date/:patternId/reopen')
  @HttpCode(200)
  @Requires('shift:manage')
  @Answers(handoverView)
  reopen(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: reopenHandoverBody }) body: ReopenHandoverBody,
    @SignedIn() user: SignedInUser,
  ): Promise<HandoverView> {
    return this.handovers.reopen(`${date}/${patternId}`, body, user);
  }

  @Post(':date/:patternId/countersign')
  @HttpCode(200)
  @Requires('handover:write')
  @Answers(handoverView)
  countersign(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @Body({ schema: countersignHandoverBody }) body: CountersignHandoverBody,
    @SignedIn() user: SignedInUser,
  ): Promise<HandoverView> {
    return this.handovers.countersign(`${date}/${patternId}`, body, user);
  }

  @Get(':date/:patternId/document.pdf')
  @Requires('incident:view')
  @Limited('handover-file', 12)
  async document(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @SignedIn() user: SignedInUser,
    @Res() response: Response,
  ): Promise<void> {
    const view = await this.handovers.view(`${date}/${patternId}`);
    const printed = { by: user.displayName, atMs: this.clock.nowMs() };
    const bytes = await this.pdf.print(handoverDocument(view, this.config.municipality, printed));
    await this.told(view, 'pdf', user);
    response.attachment(`relevo-${date}-${patternId}.pdf`).type('application/pdf').send(bytes);
  }

  @Get(':date/:patternId/document.csv')
  @Requires('incident:view')
  @Limited('handover-file', 12)
  async table(
    @Param('date', { schema: word }) date: string,
    @Param('patternId', { schema: word }) patternId: string,
    @SignedIn() user: SignedInUser,
    @Res() response: Response,
  ): Promise<void> {
    const view = await this.handovers.view(`${date}/${patternId}`);
    await this.told(view, 'csv', user);
    response.attachment(`relevo-${date}-${patternId}.csv`).type('text/csv; charset=utf-8');
    await writeCsv({ titles: HANDOVER_CSV_TITLES, rows: handoverRows(view) }, response);
  }

  private told({ shift, state }: HandoverView, format: string, user: SignedInUser): Promise<void> {
    const details = { format, state: state.kind };
    const what = { action: 'handover:export', objectKind: 'handover', objectId: shift.id, outcome: 'done' } as const;
    return this.audit.record({ ...what, details }, user);
  }
}
