/** How the text of an option or argument becomes a value. */
export type ValueSpec =
  | { readonly type: 'string' }
  /** A whole number in decimal digits, both bounds included. */
  | { readonly type: 'integer'; readonly min?: number; readonly max?: number }
  /** Bytes: `4096`, `8GiB`, `1.9GB`; the value is a number of bytes. */
  | { readonly type: 'size' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  /** Anything else; what `parse` throws, coded or not, is reported as the reason why the value was refused. */
  | { readonly type: 'parsed'; readonly parse: (text: string) => unknown };

interface Described {
  /** One line for the help. */
  readonly summary: string;
  /** How the help calls the value; default: the name of its type. */
  readonly placeholder?: string;
}

interface OptionWords extends Described {
  /** One letter, for `-p`. */
  readonly short?: string;
}

/**
 * One option. Its key is its name in the code (`partSize`); the flag is made from it (`--part-size`).
 * A boolean is false unless given. `default` is written as a person would type it, and shown so in the help.
 */
export type OptionSpec = OptionWords &
  (
    | { readonly type: 'boolean' }
    | (ValueSpec & { readonly required?: true; readonly default?: string; readonly repeatable?: true })
  );

/** One positional argument; required unless `optional`. A variadic one takes what is left: one or more, with `optional` none or more. */
export type ArgumentSpec = Described & ValueSpec & { readonly optional?: true; readonly variadic?: true };

/** Options by name. */
export type Options = Readonly<Record<string, OptionSpec>>;

/** Arguments by name, in the order of the command line. `[FROM] TO` works: required ones are served first. */
export type Arguments = Readonly<Record<string, ArgumentSpec>>;

/** What the text becomes. */
export type Parsed<S> = S extends { type: 'boolean' }
  ? boolean
  : S extends { parse: (text: string) => infer T }
    ? T
    : S extends { type: 'integer' | 'size' }
      ? number
      : S extends { choices: readonly (infer Choice)[] }
        ? Choice
        : string;

/** The type of one option's value: `undefined` only where nothing else fills the gap. */
export type OptionValue<S> = S extends { repeatable: true }
  ? readonly Parsed<S>[]
  : S extends { type: 'boolean' } | { required: true } | { default: string }
    ? Parsed<S>
    : Parsed<S> | undefined;

/** The type of one argument's value. */
export type ArgumentValue<S> = S extends { variadic: true }
  ? readonly Parsed<S>[]
  : S extends { optional: true }
    ? Parsed<S> | undefined
    : Parsed<S>;

/** What a command gets: its arguments and options under their own names. */
export type Values<A extends Arguments, O extends Options> = {
  readonly [Name in keyof A]: ArgumentValue<A[Name]>;
} & { readonly [Name in keyof O]: OptionValue<O[Name]> };
