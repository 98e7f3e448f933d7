/** A tile that is about to be scrolled into sight is made ready. */
const MARGIN = '200px';

/**
 * Tells whether an element can be seen: its page is in front, and it is in sight or nearly so. Tells changes only, the
 * first one when it cannot be seen from the beginning. Answers how to stop.
 */
export function watchVisibility(element: Element, tell: (isVisible: boolean) => void): () => void {
  let isInSight = true;
  let told = true;
  const look = (): void => {
    const isVisible = isInSight && document.visibilityState !== 'hidden';
    if (isVisible !== told) tell(isVisible);
    told = isVisible;
  };
  const observer = new IntersectionObserver(
    (entries) => {
      isInSight = entries.at(-1)?.isIntersecting ?? isInSight;
      look();
    },
    { rootMargin: MARGIN },
  );
  observer.observe(element);
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', look);
  };
}
