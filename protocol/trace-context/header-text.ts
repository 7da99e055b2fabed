/** Blanks and tabs around a header's parts are optional white space (RFC 9110, 5.6.3); other white space is not. */
export function trimBlanks(text: string): string {
  let start = 0;
  while (isBlank(text.charCodeAt(start))) start++;
  return trimBlanksRight(start === 0 ? text : text.slice(start));
}

export function trimBlanksRight(text: string): string {
  let end = text.length;
  while (isBlank(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Whether every character's code passes. For header grammars, where a regular expression could backtrack. */
export function everyCode(text: string, passes: (code: number) => boolean): boolean {
  for (let index = 0; index < text.length; index++) {
    if (!passes(text.charCodeAt(index))) return false;
  }
  return true;
}

export function isLowerLetterOrDigit(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}
