/** Injection token of the `DispatchRules` that this centre decides by. */
export const DISPATCH_RULES = Symbol('DISPATCH_RULES');
