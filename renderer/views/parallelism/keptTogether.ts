// A verdict's text as it is shown: no line ends between a number and its unit.

/** With a no-break space between each number and the word after it, and around ±. */
export function keptTogether(text: string): string {
  return text.replace(/(\d) (?=[^\s\d])/g, '$1\u00a0').replace(/± (?=\d)/g, '±\u00a0');
}
