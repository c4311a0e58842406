/**
 * What kind of trouble it was. This is the only part of an error that a shell
 * script or a systemd unit can branch on, so the numbers never change meaning.
 */
export const EXIT_CODES = {
  /** One of our own assumptions was wrong. */
  bug: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Not root, a tool missing or too old, not Btrfs. */
  environment: 3,
  /** A stream, a manifest, a recipe or a configuration file is malformed. */
  input: 4,
  /** A signature, a digest, an expiry or a policy said no. */
  trust: 5,
  /** Another program said no. */
  tool: 6,
  /** The release could not be fetched or published. */
  store: 7,
  /** The machine is not in a state that allows this. */
  state: 8,
  /** Ctrl-C, or asked to stop by a signal. */
  interrupted: 130,
} as const;

/** The classes of trouble, one exit code each. */
export type Category = keyof typeof EXIT_CODES;

/** What an error of this project is made of. */
export interface CodedErrorDetails<Code extends string> {
  readonly code: Code;
  readonly category: Category;
  /** What was found and what was expected. */
  readonly message: string;
  /** What the person in front of it can do, as one imperative sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Every error that leaves a package is one of these; anything else is a bug. */
export abstract class CodedError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly category: Category;
  readonly hint: string | undefined;

  constructor({ code, category, message, hint, cause }: CodedErrorDetails<Code>) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.category = category;
    this.hint = hint;
  }

  /** The exit code a command ends with when this error reaches its top. */
  get exitCode(): number {
    return EXIT_CODES[this.category];
  }
}
