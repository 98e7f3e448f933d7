import { NAMESPACES, type Prefix, type PrefixSpelling } from './namespaces.ts';

/** What may stand between two tags. `undefined` writes nothing, so that optional elements need no branch. */
export type XmlContent = XmlNode | QName | string | number | boolean | undefined | readonly XmlContent[];
export type XmlAttributes = Readonly<Record<string, QName | string | number | boolean | undefined>>;

export class XmlNode {
  constructor(
    /** `prefix:local`, the prefix being one of `NAMESPACES`. */
    readonly name: string,
    readonly attributes: XmlAttributes,
    readonly content: readonly XmlContent[],
  ) {}
}

/** Text that names something: its prefix is spelled and declared as the vendor does. */
export class QName {
  constructor(readonly text: string) {}
}

export function el(name: string, ...content: readonly XmlContent[]): XmlNode {
  return new XmlNode(name, {}, content);
}

export function elWith(name: string, attributes: XmlAttributes, ...content: readonly XmlContent[]): XmlNode {
  return new XmlNode(name, attributes, content);
}

export function qname(text: string): QName {
  return new QName(text);
}

/** A whole document: declaration, then `root` with every namespace that it uses declared on it. */
export function writeXml(root: XmlNode, spelling: PrefixSpelling = {}): string {
  const writer = new Writer(spelling);
  const name = writer.spell(root.name);
  const attributes = writer.attributes(root.attributes);
  const content = writer.content(root.content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${writer.declarations()}${attributes}>${content}</${name}>`;
}

class Writer {
  private readonly used = new Set<Prefix>();

  constructor(private readonly spelling: PrefixSpelling) {}

  content(content: XmlContent): string {
    if (content === undefined) return '';
    if (content instanceof XmlNode) return this.node(content);
    if (content instanceof QName) return escapeText(this.spell(content.text));
    if (typeof content === 'object') return content.map((part) => this.content(part)).join('');
    return escapeText(textOf(content));
  }

  attributes(attributes: XmlAttributes): string {
    let out = '';
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined) continue;
      const text = value instanceof QName ? this.spell(value.text) : textOf(value);
      out += ` ${this.spell(name)}="${escapeText(text)}"`;
    }
    return out;
  }

  /** Replaces the prefix of a name (if it has one) by the vendor's, and remembers that it must be declared. */
  spell(name: string): string {
    const colon = name.indexOf(':');
    if (colon < 0 || name.startsWith('xml:')) return name;
    const prefix = name.slice(0, colon);
    if (!isPrefix(prefix)) throw new Error(`no namespace for the prefix of ${name}`);
    this.used.add(prefix);
    const shown = this.spelling[prefix] ?? prefix;
    return shown === '' ? name.slice(colon + 1) : `${shown}${name.slice(colon)}`;
  }

  declarations(): string {
    let out = '';
    for (const prefix of this.used) {
      const shown = this.spelling[prefix] ?? prefix;
      out += ` xmlns${shown === '' ? '' : `:${shown}`}="${NAMESPACES[prefix]}"`;
    }
    return out;
  }

  private node(node: XmlNode): string {
    const name = this.spell(node.name);
    const attributes = this.attributes(node.attributes);
    const content = this.content(node.content);
    return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
  }
}

function isPrefix(text: string): text is Prefix {
  return Object.hasOwn(NAMESPACES, text);
}

/** Numbers as xs:float and xs:int write them, without the tail that binary fractions leave. */
function textOf(value: string | number | boolean): string {
  if (typeof value !== 'number') return String(value);
  return String(Number(value.toFixed(6)));
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}
