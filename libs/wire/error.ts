import { z } from 'zod';

/** What every refused request answers with. `code` is stable and kebab-case; screens translate it. */
export const errorBody = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;
