/** What `pdf-print.ts` uses of the package, which brings no types. */
declare module 'pdfmake/js/Printer.js' {
  interface UrlResolver {
    resolve(url: string, headers?: unknown): void;
    resolved(): Promise<void>;
  }
  class PdfPrinter {
    constructor(
      fonts: Record<string, Record<string, string | readonly unknown[]>>,
      virtualFs: null,
      urls: UrlResolver,
      mayReadFile: (path: string) => boolean,
    );
    /** A stream of the file's bytes, which flows after `end()`. */
    createPdfKitDocument(definition: object): Promise<NodeJS.ReadableStream & { end(): void }>;
  }
  const exported: { readonly default: typeof PdfPrinter };
  export default exported;
}
