// Plan scripts: what the window and the command line are told of them.

export interface ScriptProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}
/** Whether it can be run: its syntax, and what a script may not use. Nothing of it is carried out. */
export interface ScriptCheck { readonly ok: boolean; readonly problems: readonly ScriptProblem[] }

export interface ScriptFile { readonly name: string; readonly title: string; readonly source: string }
export interface ScriptLibrary {
  /** To begin with. */
  readonly templates: readonly ScriptFile[];
  /** The user's own, by name. */
  readonly saved: readonly ScriptFile[];
  /** Absolute folder of the user's own. */
  readonly folder: string;
}

/** What a script said with `print` or `console.log`. */
export interface ScriptPrint { readonly text: string; readonly time: number }
