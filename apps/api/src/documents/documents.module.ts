import { Global, Module } from '@nestjs/common';
import { PdfService } from './pdf.service.ts';

@Global()
@Module({ providers: [PdfService], exports: [PdfService] })
export class DocumentsModule {}
