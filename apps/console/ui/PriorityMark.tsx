import type { Priority } from '#libs/dispatch';
import { useWords } from '../i18n/language.tsx';

/** P1 to P4 in their fixed colours; an incident without a type yet has a question mark. */
export function PriorityMark({ priority }: { readonly priority: Priority | null }) {
  const { say } = useWords();
  return (
    <span className={`priority priority--${priority ?? 'none'}`} title={say(`priority.${priority ?? 'none'}`)}>
      {priority ?? 'P?'}
    </span>
  );
}
