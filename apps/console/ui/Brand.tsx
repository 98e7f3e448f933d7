/** The name with its watchtower. */
export function Brand({ large = false }: { readonly large?: boolean }) {
  return (
    <span className={large ? 'brand brand--large' : 'brand'}>
      <svg viewBox="9 4 23 25" aria-hidden="true" focusable="false">
        <path d="M11 28 13.4 13h5.200L21 28Z" fill="currentColor" />
        <path d="M10 13h12l-2-5.500h-8Z" className="brand__lamp" />
        <path d="M22.5 10.3 31 6v8.400Z" className="brand__beam" />
      </svg>
      ATALAYA
    </span>
  );
}
