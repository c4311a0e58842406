import { formatWord } from './format-flag.ts';
import type { ArgumentSpec, OptionSpec, ValueSpec } from './values.ts';

/** An argument in the line of usage: `<to>`, `[from]`, `<versions...>`. */
export function renderArgumentTerm(name: string, { optional, variadic }: ArgumentSpec): string {
  const word = `${formatWord(name)}${variadic ? '...' : ''}`;
  return optional ? `[${word}]` : `<${word}>`;
}

/** How the help calls the value of an option. */
export function renderPlaceholder({ type, placeholder }: ValueSpec & { readonly placeholder?: string }): string {
  return placeholder ?? { string: 'text', integer: 'number', size: 'size', choice: 'choice', parsed: 'value' }[type];
}

/** An option or argument in words, with what the declaration knows: choices, repeatable, required, default. */
export function renderSpec(spec: OptionSpec | ArgumentSpec): string {
  const remarks = [
    ...('choices' in spec ? [spec.choices.join(' | ')] : []),
    ...('repeatable' in spec && spec.repeatable ? ['repeatable'] : []),
    ...('required' in spec && spec.required ? ['required'] : []),
    ...('default' in spec && spec.default !== undefined ? [`default: ${spec.default}`] : []),
  ];
  return remarks.length === 0 ? spec.summary : `${spec.summary} (${remarks.join('; ')})`;
}

/** The end of a help text; empty without examples. */
export function renderExamples(examples: readonly string[]): string {
  return examples.length === 0 ? '' : `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}
