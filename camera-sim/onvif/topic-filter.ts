import { NAMESPACES } from './namespaces.ts';
import { CONCRETE_DIALECT, CONCRETE_SET_DIALECT } from './event-topics.ts';
import { childOf, type XmlElement } from './xml-reader.ts';

/** Says whether a topic (path below `tns1:`) passes. */
export type TopicFilter = (path: string) => boolean;

const MAX_EXPRESSION_CHARS = 2_048;
const MAX_EXPRESSIONS = 32;

/**
 * Reads wsnt:Filter with topic expressions in the ConcreteSet dialect of ONVIF Core §9.2.2: paths joined by `|`, where `//.`
 * at the end stands for the topic and all below it. `undefined` is an expression that cannot be read or a topic that is not
 * in the camera's set; no filter lets everything pass.
 */
export function readTopicFilter(filter: XmlElement | undefined, known: readonly string[]): TopicFilter | undefined {
  const expression = filter && childOf(filter, NAMESPACES.wsnt, 'TopicExpression');
  if (!expression) return () => true;
  const dialect = expression.attributes.get('Dialect');
  if (dialect !== CONCRETE_SET_DIALECT && dialect !== CONCRETE_DIALECT) return undefined;
  if (expression.text.length > MAX_EXPRESSION_CHARS) return undefined;
  const parts = expression.text.split('|').map((part) => readPath(part.trim(), expression));
  if (parts.length > MAX_EXPRESSIONS) return undefined;
  const tests: TopicFilter[] = [];
  for (const part of parts) {
    const test = part && testOf(part);
    if (!test || !known.some(test)) return undefined;
    tests.push(test);
  }
  return (path) => tests.some((test) => test(path));
}

interface Path {
  readonly path: string;
  readonly andBelow: boolean;
}

/** The first step has a prefix that means `tns1`; the steps below may repeat it. */
function readPath(text: string, scope: XmlElement): Path | undefined {
  const andBelow = text.endsWith('//.');
  const steps = (andBelow ? text.slice(0, -3) : text).split('/').map((step) => {
    const match = /^(?:([\w.-]+):)?([\w.-]+)$/.exec(step);
    return match && { prefix: match[1], name: match[2] ?? '' };
  });
  const names: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (!step || (index === 0 && step.prefix === undefined)) return undefined;
    if (step.prefix !== undefined && scope.resolve(step.prefix) !== NAMESPACES.tns1) return undefined;
    names.push(step.name);
  }
  return { path: names.join('/'), andBelow };
}

function testOf({ path, andBelow }: Path): TopicFilter {
  return (topic) => topic === path || (andBelow && topic.startsWith(`${path}/`));
}
