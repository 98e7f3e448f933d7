/** A bar of a share 0..1. The number stands beside it, so the bar is silent to readers. */
export function Share({ share }: { readonly share: number }) {
  return (
    <span className="share" aria-hidden="true">
      <i style={{ width: `${Math.round(share * 100)}%` }} />
    </span>
  );
}
