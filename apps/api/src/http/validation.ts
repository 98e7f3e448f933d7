import { StandardSchemaValidationPipe } from '@nestjs/common';
import { RefusalError, refusal } from '#libs/base';

/** Problems named in one answer; a hostile body can have a million. */
const MAX_PROBLEMS = 20;

/**
 * Checks what carries a schema (`@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`) and hands the
 * parsed value on: unknown keys are gone, defaults are filled in.
 */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new RefusalError(
        refusal('bad-input', 'input-invalid', 'the request does not have the shape that this route takes', {
          problems: issues.slice(0, MAX_PROBLEMS).map((issue) => ({
            path: (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
            message: issue.message.slice(0, 200),
          })),
        }),
      ),
  });
}
